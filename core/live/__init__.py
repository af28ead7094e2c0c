"""Answers to the browser that need no run of a page: functions of declared settings, asked over one socket a tab.

``settings`` declares the settings of an instrument, ``instrument`` its answer; ``request`` reads the messages of a
browser, ``connection`` is one socket, ``commands`` obeys the commands of a tab, ``work`` owns the threads that
compute, ``allowance`` limits the rate of a user. ``latest`` keeps results, ``offers`` names what a page lets ask.
"""
