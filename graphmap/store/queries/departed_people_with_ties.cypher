// question: Which accounts were in touch with people of ours who have left?
// parameter: on text = "9999-12-31" : who had left by this day (YYYY-MM-DD)
// columns: person, person_name, left_on, account, account_name, interactions, last_at
MATCH (own:Firm {kind: 'own'})<-[w:WORKS_AT]-(p:Person)
WITH p, max(coalesce(w.valid_to, '9999-12-32')) AS left_on
WHERE left_on <= $on
MATCH (p)-[:KNOWN_AS]->(:Identity)-[:TOOK_PART]->(i:Interaction)-[:ABOUT]->(f:Firm)
RETURN p.id AS person, p.name AS person_name, left_on, f.id AS account, f.name AS account_name,
       count(DISTINCT i) AS interactions, max(i.at) AS last_at
ORDER BY person, account
