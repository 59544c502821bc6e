// question: Who of ours is in touch with whom at this account, and how well?
// parameter: account text : id of the account
// columns: contact, contact_name, rep, rep_name, strength, inbound, outbound, other, interactions, first_at, last_at
MATCH (run:Run {kind: 'score', state: 'finished'})
WITH run ORDER BY run.started_at DESC, run.id DESC LIMIT 1
MATCH (a:Assessment {run: run.id}) WHERE a.firm = $account
UNWIND range(0, size(coalesce(a.tie_reps, [])) - 1) AS i
OPTIONAL MATCH (rep:Person {id: a.tie_reps[i]})
OPTIONAL MATCH (contact:Person {id: a.tie_contacts[i]})
RETURN a.tie_contacts[i] AS contact, contact.name AS contact_name,
       a.tie_reps[i] AS rep, coalesce(rep.name, 'the firm') AS rep_name,
       a.tie_strengths[i] AS strength, a.tie_inbound[i] AS inbound, a.tie_outbound[i] AS outbound,
       a.tie_other[i] AS other, a.tie_interactions[i] AS interactions,
       a.tie_first_at[i] AS first_at, a.tie_last_at[i] AS last_at
ORDER BY contact, rep
