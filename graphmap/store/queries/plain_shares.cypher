// question: Counting every interaction alike, how is each account spread over people of ours?
// parameter: account text = "" : only this account (its id); empty = all
// columns: account, name, interactions, reps, top_rep, top_rep_interactions, top_rep_share
MATCH (f:Firm {kind: 'account'}) WHERE $account = '' OR f.id = $account
WITH f, COUNT { (f)<-[:ABOUT]-(:Interaction) } AS interactions WHERE interactions > 0
OPTIONAL MATCH (f)<-[:ABOUT]-(j:Interaction)<-[:TOOK_PART]-(:Identity)<-[:KNOWN_AS]-(p:Person)
WITH f, interactions, p, count(DISTINCT j) AS n
OPTIONAL MATCH (p)-[:WORKS_AT]->(o:Firm) WHERE o.kind = 'own'
WITH DISTINCT f, interactions, n,
     CASE WHEN o IS NULL THEN null ELSE p.id END AS rep, CASE WHEN o IS NULL THEN null ELSE p.name END AS rep_name
ORDER BY n DESC, rep_name, rep
WITH f, interactions, collect(CASE WHEN rep IS NULL THEN null ELSE {name: rep_name, n: n} END) AS reps
WITH f, interactions, reps, head(reps) AS top
RETURN f.id AS account, f.name AS name, interactions, size(reps) AS reps,
       top.name AS top_rep, coalesce(top.n, 0) AS top_rep_interactions,
       100.0 * coalesce(top.n, 0) / interactions AS top_rep_share
ORDER BY account
