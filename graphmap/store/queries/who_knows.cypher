// question: Who of ours knows this person, or the people of this account?
// parameter: who text : id of one of their people, or of an account
// columns: account, contact, contact_name, rep, rep_name, strength, last_at
CALL {
  MATCH (contact:Person {id: $who})<-[t:TIE]-(rep:Person)
  RETURN contact, rep, t
  UNION
  MATCH (:Firm {id: $who})<-[:WORKS_AT]-(contact:Person)<-[t:TIE]-(rep:Person)
  WHERE t.account = $who
  RETURN contact, rep, t
}
RETURN t.account AS account, contact.id AS contact, contact.name AS contact_name,
       rep.id AS rep, rep.name AS rep_name, t.strength AS strength, t.last_at AS last_at
ORDER BY account, contact, strength DESC, rep
