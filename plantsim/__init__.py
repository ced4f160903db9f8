# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A simulated plant: an MES that knows Odoo only through /mfg/v1.

It plays a production log of a real job shop (or a generated one of the same shape):
orders, machines and workers of the log become Odoo orders and plant events.

    from plantsim.client import Plant
    plant = Plant(url, key, source)
    plant.send([event, …])   # -> one answer per event
    plant.pull()             # -> deliveries of the outbox
    plant.ack([id, …])

What happened: log, generate, source; recipe. How it is told: play, timecard, reasons,
cloudevent. What goes wrong, or has to be put right: mischief, pranks, stories, trial.
Talking to Odoo: client, notebook, outcome. What it came to: reconcile, account,
verdict.
"""
