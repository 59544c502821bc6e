// question: Which colleagues know the same people as this person of ours?
// parameter: person text : id of the person
// columns: colleague, colleague_name, contacts_in_common, accounts
MATCH (:Person {id: $person})-[mine:TIE]->(contact:Person)<-[theirs:TIE]-(colleague:Person)
WHERE colleague.id <> $person AND mine.account = theirs.account
RETURN colleague.id AS colleague, colleague.name AS colleague_name,
       count(DISTINCT contact) AS contacts_in_common, count(DISTINCT theirs.account) AS accounts
ORDER BY contacts_in_common DESC, colleague
