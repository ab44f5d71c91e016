"""Systems of others that this site calls: jobs pushed, messages to channels, Open311 both ways.

What is told is decided in the transaction of what it tells of, waits in the outbox and goes out by
the tick, through the one door (``web.services.common.outgoing``).

==================  ==========================================================================
``systems``         entering a system, changing it, switching it off, sending again
``secret_changes``  another secret for a system, the old one signing for a while
``job_pushes``      which events of an incident the contractor's system is told
``channel_posts``   messages for a channel of a team
``open311_asking``  another Open311 service's requests, window by window, each taken in once
``open311_states``  what became of them, told there
``telling``         which systems hear of an event
``delivering``      what is due goes out, signed; a system that fails waits longer each time
==================  ==========================================================================

May import `reporting`, `clearing`, `mail` and what lies below them. Start with `delivering`.
"""
