// question: What is odd about the data?
// columns: measure, count
CALL {
  MATCH (p:Person) WHERE NOT EXISTS { (p)-[:WORKS_AT]->(:Firm) }
  RETURN 'people without a firm' AS measure, count(p) AS n
  UNION ALL
  MATCH (p:Person) WHERE p.made
  RETURN 'people known only by an address' AS measure, count(p) AS n
  UNION ALL
  MATCH (f:Firm) WHERE f.made
  RETURN 'firms known only by a domain' AS measure, count(f) AS n
  UNION ALL
  MATCH (f:Firm {kind: 'account'}) WHERE NOT EXISTS { (f)<-[:ABOUT]-(:Interaction) }
  RETURN 'accounts without an interaction' AS measure, count(f) AS n
  UNION ALL
  MATCH (f:Firm {kind: 'account'}) WHERE NOT EXISTS { (f)<-[:OWNS]-(:Person) }
  RETURN 'accounts without an owner' AS measure, count(f) AS n
  UNION ALL
  MATCH (x:Identity) WHERE NOT EXISTS { (x)<-[:KNOWN_AS]-() }
  RETURN 'identities with nobody behind them' AS measure, count(x) AS n
  UNION ALL
  MATCH (r:Rejected) WHERE r.state = 'open'
  RETURN 'source records set aside and still open' AS measure, count(r) AS n
}
RETURN measure, n AS count
ORDER BY measure
