/* How do the events of a callback get into the log?
 *
 * Into the mapped tail file come first the bytes, then the length that makes them count, so that
 * whatever ends the process leaves whole events. Blocks are sealed by wire.LogWriter. */
#include "hindsight.h"

#include <time.h>

static const double MAX_AGE = 0.2;
enum { MAX_PATIENCE = 64 };

/* Seconds of the clock that time.monotonic shows, some milliseconds coarse where that is cheaper;
 * where there is none, of the clock on the wall. */
static double
coarse_clock(void)
{
    struct timespec now;
#if defined(CLOCK_MONOTONIC_COARSE)
    if (clock_gettime(CLOCK_MONOTONIC_COARSE, &now) == 0) {
        return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
    }
#elif defined(CLOCK_MONOTONIC)
    if (clock_gettime(CLOCK_MONOTONIC, &now) == 0) {
        return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
    }
#endif
    return timespec_get(&now, TIME_UTC) == TIME_UTC ? (double)now.tv_sec + (double)now.tv_nsec * 1e-9
                                                    : -1.0;
}

/* Is the block old? The clock is read after every commit of a slow program, and at most after twice
 * MAX_PATIENCE events of a fast one. */
static int
is_old(HsWriter *writer)
{
    double now = coarse_clock();
    int was_quick = now - writer->clock_read < 0.01;
    writer->patience = was_quick && writer->patience < MAX_PATIENCE ? writer->patience * 2 + 1 : 0;
    writer->clock_due = writer->block_events + 1 + writer->patience;
    writer->clock_read = now;
    return now - writer->block_began >= MAX_AGE;
}

static inline int64_t
smaller(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

static inline int64_t
room_in(const HsWriter *writer)
{
    return smaller(writer->memory_length, writer->capacity);
}

/* What can be moved without a look at what has been looked at now. Each step is an event too. */
static inline void
be_quick(HsWriter *writer)
{
    const int64_t events = writer->block_events;
    writer->quick_end =
        smaller(room_in(writer) - HS_LENT, writer->events_start + HS_MAX_RAW - 1);
    writer->quick_events = smaller(
        writer->clock_due,
        events + smaller(HS_MAX_STEPS - writer->block_steps, HS_MAX_EVENTS - events));
    if (writer->end <= writer->quick_end) {
        hs_buffer_lend((HsBuffer *)writer->buf, writer->memory + writer->end);
    }
}

HsMove
hs_move(HsRecorder *recorder)
{
    HsObjects *objects = (HsObjects *)recorder->objects;
    HsWriter *writer = (HsWriter *)recorder->writer;
    HsBuffer *buffer = (HsBuffer *)writer->buf;
    if (writer->end + buffer->length > room_in(writer) || (writer->failed | buffer->failed) != 0
        || writer->raised_limit != 0) {
        return HS_NOT_MOVED;
    }
    hs_put_in_tail(recorder, objects, writer, buffer);
    if (writer->block_number_seen != writer->block + 1
        || writer->block_events >= writer->clock_due
        || writer->block_steps >= HS_MAX_STEPS || writer->block_events >= HS_MAX_EVENTS
        || writer->end - writer->events_start >= HS_MAX_RAW) {
        return HS_MOVED_AND_DUE;
    }
    be_quick(writer);
    return HS_MOVED;
}

static int
seal(HsRecorder *recorder, HsWriter *writer)
{
    if (hs_ask(writer, "seal", NULL, NULL, NULL) < 0) {
        return -1;
    }
    recorder->strings_in_log = PyDict_GET_SIZE(writer->strings);
    return 0;
}

/* After a commit at which there may be more to do. */
int
hs_after_commit(HsRecorder *recorder)
{
    HsWriter *writer = (HsWriter *)recorder->writer;
    if (writer->block_steps >= HS_MAX_STEPS || writer->block_events >= HS_MAX_EVENTS
        || writer->end - writer->events_start >= HS_MAX_RAW) {
        writer->clock_read = 0;
        return seal(recorder, writer);
    }
    if (writer->block_number_seen != writer->block + 1) {
        /* The first commit of this block. */
        writer->block_number_seen = writer->block + 1;
        writer->block_began = writer->clock_read = coarse_clock();
        writer->patience = 0;
        writer->clock_due = writer->block_events + 1;
        return 0;
    }
    return writer->block_events >= writer->clock_due && is_old(writer) ? seal(recorder, writer) : 0;
}

int
hs_commit_slowly(HsRecorder *recorder)
{
    HsWriter *writer = (HsWriter *)recorder->writer;
    HsBuffer *buffer = (HsBuffer *)writer->buf;
    if (hs_note_seen((HsObjects *)recorder->objects) < 0) {
        return -1;
    }
    if (buffer->failed) {
        PyErr_NoMemory();
        return -1;
    }
    return hs_ask(recorder, "commit", NULL, NULL, NULL);
}
