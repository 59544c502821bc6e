// question: Which people of theirs are known by only one person of ours?
// parameter: account text = "" : only this account (its id); empty = all
// columns: account, contact, contact_name, rep, rep_name, strength, last_at
MATCH (contact:Person)<-[t:TIE]-(rep:Person)
WHERE $account = '' OR t.account = $account
WITH t.account AS account, contact, collect(t) AS ties, collect(rep) AS reps
WHERE size(reps) = 1
WITH account, contact, head(ties) AS tie, head(reps) AS rep
RETURN account, contact.id AS contact, contact.name AS contact_name,
       rep.id AS rep, rep.name AS rep_name, tie.strength AS strength, tie.last_at AS last_at
ORDER BY account, contact
