-- The statements whose quotes fit an expression of words, the first ones by the number of their ids.
select word_text.id from word_text
where number in (select rowid from word_statement where word_statement match coalesce(:words, '""') order by rowid limit :limit)
order by word_text.id
