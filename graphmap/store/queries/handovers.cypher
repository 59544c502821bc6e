// question: Who of ours was in touch with this account from when to when?
// parameter: account text : id of the account
// columns: rep, rep_name, first_at, last_at, interactions
MATCH (:Firm {id: $account})<-[:ABOUT]-(i:Interaction)<-[:TOOK_PART]-(:Identity)<-[:KNOWN_AS]-(rep:Person)
WITH rep, min(i.at) AS first_at, max(i.at) AS last_at, count(DISTINCT i) AS interactions
MATCH (rep)-[:WORKS_AT]->(o:Firm) WHERE o.kind = 'own'
RETURN DISTINCT rep.id AS rep, rep.name AS rep_name, first_at, last_at, interactions
ORDER BY first_at, last_at, rep
