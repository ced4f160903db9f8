# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Faults against one server under load: processes, connections, PostgreSQL, jobs."""

import time

import psycopg2

ELSEWHERE = 0.15  # of the kills hit who is not known to be posting
PATIENCE = 5  # seconds to wait for a posting to hit
DEPTH = 0.05  # seconds: how far into a posting a fault comes at most
TAKEN_OVER = 45  # seconds for another drain to post what a dead one had in hand
IN_HAND = "SELECT message_id FROM mfg_message_claim"


def workers(run, kills=20, groups=1, orders=6):
    """Single processes are killed again and again, now and then all at once."""
    load = run.orders(orders)
    turns = ["worker"] * kills + ["group"] * groups
    run.dice.shuffle(turns)
    sender = run.sender(load.queue, len(turns))
    for turn in turns:
        sender.turns.release()
        _kill_all(run) if turn == "group" else _kill_one(run)


def _kill_one(run):
    """A drain in the middle of a posting; or any process at any moment."""
    faults = run.faults
    if run.dice.random() >= ELSEWHERE and (process := _in_posting(run)):
        run.note("kill drain", hit=faults.kill(process))
        return
    time.sleep(run.dice.uniform(0, 0.5))
    role = run.dice.choice(("runner", "gevent", "worker", "worker"))
    process = faults.by_role(role)
    if process and faults.kill(process):
        run.note(f"kill {role}")


def _in_posting(run):
    """A process at some depth of a posting, None when nothing is posted."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not run.faults.wait_for_posting(deadline - time.monotonic()):
            return None
        time.sleep(run.dice.uniform(0, DEPTH))
        if found := run.faults.posting():
            return found[1]
    return None


def _kill_all(run):
    """Master, workers, cron, gevent, job runner: as a power cut would."""
    hit = _in_posting(run)
    run.bed.stack.kill9()
    run.note("kill all", hit=hit)
    run.bed.stack.start()
    run.bed.stack.wait_ready()


def frozen(run, freezes=4, seconds=12, orders=4):
    """A drain stops in the middle of a posting, and goes on when others have moved on.

    Every other one loses its connections meanwhile, and with them its lock: another
    drain takes its message over, and the first one wakes up to find it gone.
    """
    load = run.orders(orders)
    sender = run.sender(load.queue, freezes)
    for number in range(freezes):
        sender.turns.release()
        if process := _freeze(run):
            with run.pulse.excused():
                _while_frozen(run, process, seconds, rob=number % 2)
                run.faults.thaw(process)


def _freeze(run):
    """Stop a drain that certainly has written and not committed."""
    for _try in range(20):
        process = _in_posting(run)
        if not process or not run.faults.freeze(process):
            continue
        if run.faults.is_posting(process):
            return process
        run.faults.thaw(process)  # it was faster
    return None


def _while_frozen(run, process, seconds, rob):
    mine = [id_ for (id_,) in run.bed.rows(IN_HAND)]
    before = run.posted()
    run.note("frozen and robbed of its lock" if rob else "frozen", hit=True)
    if rob:
        run.faults.terminate(run.faults.backends_of(process))
        run.notes["taken over"] += run.wait_posted(mine, TAKEN_OVER)
    else:
        time.sleep(seconds)
    run.notes["posted by others meanwhile"] += run.posted() - before


def overdue(run, limit=35, orders=3):
    """A drain stops for longer than Odoo allows: its master kills it."""
    with run.bed.restarted_with(limit_time_real=limit):
        load = run.orders(orders)
        sender = run.sender(load.queue, 2)
        sender.turns.release()
        if process := _freeze(run):
            run.note("frozen for too long", hit=True)
            with run.pulse.excused():
                killed = run.faults.gone(process, limit + 20)
            run.check("its master kills it", not killed)
        run.settle()


def backends(run, rounds=30, orders=5):
    """Connections are terminated: of drains in a posting, some at random, once all."""
    load = run.orders(orders)
    sender = run.sender(load.queue, rounds)
    for number in range(rounds):
        sender.turns.release()
        victims, hit = _connections(run, everything=number == rounds // 2)
        run.faults.terminate(victims)
        run.note("terminate backend", hit)
        time.sleep(run.dice.uniform(0, 0.4))


def _connections(run, everything):
    """Which backends to terminate, and whether one of them is in a posting."""
    several = [backend for backend, _port in run.faults.backends()]
    if everything:
        return several, run.faults.posting()
    if run.dice.random() < 0.6 and (posting := run.faults.wait_for_posting(2)):
        return [posting[0]], True
    return run.dice.sample(several, min(len(several), 3)), False


def postgresql(run, stops=3, orders=5):
    """PostgreSQL dies under load, and comes back some seconds later."""
    load = run.orders(orders)
    sender = run.sender(load.queue, 2 * stops)
    for _stop in range(stops):
        sender.turns.release()
        hit = _in_posting(run)
        with run.pulse.excused():
            run.faults.restart_postgresql(run.dice.uniform(0.5, 5))
        run.note("stop PostgreSQL", hit=hit)
        sender.turns.release()
        time.sleep(run.dice.uniform(0, 10))


def jobs(run, rounds=30, orders=5):
    """Jobs vanish, or find themselves in states they never asked for."""
    load = run.orders(orders)
    sender = run.sender(load.queue, rounds)
    for _round in range(rounds):
        sender.turns.release()
        fault = run.dice.choice((run.faults.lose_jobs, run.faults.upset_jobs))
        try:
            fault()
        except psycopg2.errors.DeadlockDetected:
            continue
        run.note(fault.__name__.replace("_", " "))
        time.sleep(run.dice.uniform(0, 0.4))
