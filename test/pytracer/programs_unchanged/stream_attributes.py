import io
import sys

for stream in (sys.stdout, sys.stderr):
    print(stream.encoding, stream.errors, stream.line_buffering, stream.name, stream.mode, stream.fileno())
    print(stream.isatty(), stream.buffer.raw, stream.newlines, stream.write_through, stream.closed)
    print(type(stream), type(stream.buffer), repr(stream), repr(stream.buffer))
    print(isinstance(stream, io.TextIOWrapper), isinstance(stream.buffer, io.BufferedWriter))
    print(stream.__class__.__name__, stream.buffer.__class__.__module__, stream.writable(), stream.seekable())
print(sys.stdout is sys.__stdout__, sys.stderr is sys.__stderr__)
