/* How do the events of a callback get into the log?
 *
 * By a copy into the mapped tail file: first the bytes, then the length that makes them count, so
 * that whatever ends the process leaves whole events. Blocks are sealed by wire.LogWriter. */
#include "hindsight.h"

#include <stdatomic.h>
#include <time.h>

static const double MAX_AGE = 0.2;
enum { MAX_PATIENCE = 64 };

/* Seconds of the clock that time.monotonic shows, some milliseconds coarse where that is cheaper. */
static double
coarse_clock(void)
{
#if defined(CLOCK_MONOTONIC_COARSE)
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC_COARSE, &now) == 0) {
        return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
    }
#elif defined(CLOCK_MONOTONIC)
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) == 0) {
        return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
    }
#endif
    return -1.0;
}

/* Is the block old? The clock is read after every commit of a slow program, and at most after
 * MAX_PATIENCE commits of a fast one. */
static int
is_old(HsWriter *writer)
{
    if (writer->block_events == 0) {
        writer->unread = writer->patience = 0;
        writer->block_began = coarse_clock();
        writer->clock_read = writer->block_began;
        return 0;
    }
    if (++writer->unread <= writer->patience) {
        return 0;
    }
    double now = coarse_clock();
    int was_quick = now - writer->clock_read < 0.01;
    writer->patience = was_quick && writer->patience < MAX_PATIENCE ? writer->patience * 2 + 1 : 0;
    writer->unread = 0;
    writer->clock_read = now;
    return now - writer->block_began >= MAX_AGE;
}

static void
write_length(uint8_t *memory, uint32_t length)
{
    uint8_t bytes[4] = {(uint8_t)length, (uint8_t)(length >> 8), (uint8_t)(length >> 16),
                        (uint8_t)(length >> 24)};
    atomic_signal_fence(memory_order_seq_cst);
    memcpy(memory + HS_TAIL_EVENTS_LENGTH, bytes, sizeof bytes);
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

int
hs_commit(HsRecorder *recorder)
{
    HsObjects *objects = (HsObjects *)recorder->objects;
    HsWriter *writer = (HsWriter *)recorder->writer;
    HsBuffer *buffer = (HsBuffer *)writer->buf;
    int64_t events = objects->events;
    if (events == 0) {
        return 0;
    }
    if (buffer->failed) {
        PyErr_NoMemory();
        return -1;
    }
    int64_t end = writer->end + buffer->length;
    if (writer->memory == NULL || writer->failed || writer->raised_limit != 0
        || end > writer->capacity || end > writer->memory_length) {
        return hs_ask(recorder, "commit", NULL, NULL, NULL);
    }
    int old = is_old(writer);
    memcpy(writer->memory + writer->end, buffer->bytes, (size_t)buffer->length);
    write_length(writer->memory, (uint32_t)(end - writer->events_start));
    int64_t steps = recorder->steps_in_buffer;
    buffer->length = 0;
    writer->end = end;
    writer->step += steps;
    writer->block_steps += steps;
    writer->block_events += events;
    recorder->steps_in_buffer = 0;
    recorder->total_events += events;
    recorder->strings_in_log = PyDict_GET_SIZE(writer->strings);
    objects->events = 0;
    if (hs_committed(objects) < 0) {
        return -1;
    }
    if (old || writer->block_steps >= HS_MAX_STEPS || writer->block_events >= HS_MAX_EVENTS
        || end - writer->events_start >= HS_MAX_RAW) {
        return seal(recorder, writer);
    }
    return 0;
}
