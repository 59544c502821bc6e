// question: What is odd about the data?
// columns: measure, count
CALL {
  MATCH (p:Person) WHERE NOT EXISTS { (p)-[:WORKS_AT]->(:Firm) }
  WITH count(p) AS n RETURN 'people without a firm' AS measure, n
  UNION ALL
  MATCH (p:Person) WHERE p.made
  WITH count(p) AS n RETURN 'people known only by an address' AS measure, n
  UNION ALL
  MATCH (f:Firm) WHERE f.made
  WITH count(f) AS n RETURN 'firms known only by a domain' AS measure, n
  UNION ALL
  MATCH (f:Firm {kind: 'account'}) WHERE NOT EXISTS { (f)<-[:ABOUT]-(:Interaction) }
  WITH count(f) AS n RETURN 'accounts without an interaction' AS measure, n
  UNION ALL
  MATCH (f:Firm {kind: 'account'}) WHERE NOT EXISTS { (f)<-[:OWNS]-(:Person) }
  WITH count(f) AS n RETURN 'accounts without an owner' AS measure, n
  UNION ALL
  MATCH (x:Identity) WHERE NOT EXISTS { (x)<-[:KNOWN_AS]-() }
  WITH count(x) AS n RETURN 'identities with nobody behind them' AS measure, n
  UNION ALL
  MATCH (r:Rejected) WHERE r.state = 'open'
  WITH count(r) AS n RETURN 'source records set aside and still open' AS measure, n
}
RETURN measure, n AS count
ORDER BY measure
