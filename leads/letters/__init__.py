"""Mails to people outside: drafted by a cadence or a person, sent one by one by a person's decision.

`words` fills a template, `writing` keeps a draft and decides, `posting` is what the deliveries do with it.
"""
