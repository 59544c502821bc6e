// question: Which domains does nobody list as a firm, and how many people and interactions hang on them?
// columns: firm, name, domains, people, interactions
MATCH (f:Firm {kind: 'other'}) WHERE f.made
OPTIONAL MATCH (p:Person)-[:WORKS_AT]->(f)
WITH f, count(DISTINCT p) AS people
OPTIONAL MATCH (q:Person)-[:WORKS_AT]->(f), (q)-[:KNOWN_AS]->(:Identity)-[:TOOK_PART]->(i:Interaction)
RETURN f.id AS firm, f.name AS name, f.domains AS domains, people, count(DISTINCT i) AS interactions
ORDER BY interactions DESC, firm
