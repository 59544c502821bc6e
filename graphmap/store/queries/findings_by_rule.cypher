// question: Which findings does the latest scoring raise, and for how many accounts?
// columns: rule, severity, accounts
MATCH (run:Run {kind: 'score', state: 'finished'})
WITH run ORDER BY run.started_at DESC, run.id DESC LIMIT 1
MATCH (g:Finding {run: run.id})
RETURN g.rule AS rule, g.severity AS severity, count(DISTINCT g.firm) AS accounts
ORDER BY rule, severity
