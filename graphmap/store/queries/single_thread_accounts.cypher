// question: Which accounts hang on one person of ours today?
// parameter: least number = 0 : only accounts with at least this dependence (0-100)
// columns: account, name, dependence, lower, upper, top_rep, active_contacts, last_two_way_at
MATCH (run:Run {kind: 'score', state: 'finished'})
WITH run ORDER BY run.started_at DESC, run.id DESC LIMIT 1
MATCH (a:Assessment {run: run.id})-[:OF]->(f:Firm)
WHERE a.cell_ours = 'single' AND a.dependence >= $least
OPTIONAL MATCH (rep:Person {id: a.top_rep})
RETURN f.id AS account, f.name AS name, a.dependence AS dependence, a.lower AS lower, a.upper AS upper,
       rep.name AS top_rep, a.active_contacts AS active_contacts, a.last_two_way_at AS last_two_way_at
ORDER BY dependence DESC, account
