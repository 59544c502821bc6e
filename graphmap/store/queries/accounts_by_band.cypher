// question: How many accounts are in which band, and what are they worth a year?
// columns: band, status, currency, accounts, annual_value
MATCH (run:Run {kind: 'score', state: 'finished'})
WITH run ORDER BY run.started_at DESC, run.id DESC LIMIT 1
MATCH (a:Assessment {run: run.id})-[:OF]->(f:Firm)
RETURN a.band AS band, a.status AS status, f.currency AS currency,
       count(a) AS accounts, sum(coalesce(f.annual_value, 0.0)) AS annual_value
ORDER BY band, status, currency
