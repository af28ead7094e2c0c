"""Answers to the browser that need no run of a page: functions of declared settings, asked over one socket a tab.

``settings`` declares what an instrument can be set to, ``instrument`` what it answers; ``request`` reads what a
browser sends, ``connection`` is one socket, ``commands`` does what a tab commands, ``work`` has the threads that
compute, ``allowance`` what a user may take.
"""
