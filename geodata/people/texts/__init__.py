"""Who somebody is or where they live, as free text says it: names, addresses, the lists of both.

Imports nothing of `people`. Its one reader is `geodata.people.personal_data.found_in`; start with
`people_in_text`.
"""
