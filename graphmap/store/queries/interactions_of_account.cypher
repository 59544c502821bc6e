// question: What happened last with this account, and who took part?
// parameter: account text : id of the account
// parameter: newest int = 50 : how many of the newest
// columns: interaction, at, kind, direction, participants
MATCH (:Firm {id: $account})<-[:ABOUT]-(i:Interaction)
WITH i ORDER BY i.at DESC, i.id LIMIT $newest
MATCH (i)<-[t:TOOK_PART]-(x:Identity)
OPTIONAL MATCH (x)<-[:KNOWN_AS]-(who)
WITH i, t.place AS place, t.role AS role, coalesce(who.name, x.value, x.key) AS name
ORDER BY place, role, name
WITH i, collect(role + ':' + name) AS participants
RETURN i.id AS interaction, i.at AS at, i.kind AS kind, i.direction AS direction, participants
ORDER BY at DESC, interaction
