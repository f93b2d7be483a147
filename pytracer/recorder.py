"""What happened in the program, as the events of FORMAT.md.

Both event sources call the same methods of `Recorder`; everything below is the same for both.

Construction and life (for the launcher):

    recorder = Recorder(writer, registry, scope, settings, warn, control=None)
        writer     wire.LogWriter; the recorder sets its `on_block_start` and `on_block_end`
        registry   code_objects.CodeObjectRegistry
        scope      scope.Scope: `scope.decide(wrapper, frame) -> bool`, asked once per code object
        settings   a dict with the keys of controlChannel.ts's RecorderSettings; "maxItems" and
                   "maxStringLength" are read here
        warn       called with one sentence when something could not be recorded
    recorder.start("monitoring" | "settrace")    from now on recorded code is seen
    recorder.stop()                               events end; the log stays open
    recorder.finish(exit_code, exception)         writes END; the launcher then closes the writer
    recorder.output(stream, text)                 OUTPUT; stream is format.STDOUT or STDERR
    recorder.forked(pid)                          the parent's side of os.fork: CHILD
    recorder.abandon()                            the child's side: forgets everything

For control.py, at a stop (the recorder is held by this thread then):

    control.on_step(state, wrapper, line, frame)
    control.on_return(state, frame, value)
    control.on_raise(state, frame, exception, propagated)
        state.number      the frame's number in the recording
        state.thread      ThreadState: `.ident`, `.name`, `.stack` (FrameStates, outermost first)
    recorder.current_moment() -> (step, event)
    recorder.find_frame(number, frame) -> frame object or None, walking f_back from `frame`
    recorder.object_id(value) -> number of a tracked object, else 0
    recorder.after_evaluate(expression, frame) -> None: EVALUATE and what it changed
    recorder.flush(frame) -> None: the effects of the running line so far, into the log
"""

from __future__ import annotations
