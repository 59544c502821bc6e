// question: Which accounts have an owner in the CRM who has no share of the relationship today?
// columns: account, name, owner, owner_name, top_rep, top_rep_name, dependence
MATCH (run:Run {kind: 'score', state: 'finished'})
WITH run ORDER BY run.started_at DESC, run.id DESC LIMIT 1
MATCH (a:Assessment {run: run.id})-[:OF]->(f:Firm)<-[:OWNS]-(owner:Person)
WHERE a.status <> 'no_data' AND NOT owner.id IN coalesce(a.rep_ids, [])
OPTIONAL MATCH (rep:Person {id: a.top_rep})
RETURN f.id AS account, f.name AS name, owner.id AS owner, owner.name AS owner_name,
       a.top_rep AS top_rep, rep.name AS top_rep_name, a.dependence AS dependence
ORDER BY account, owner
