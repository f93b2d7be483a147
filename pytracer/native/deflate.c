/* How is a block made small without keeping the program waiting for long?
 *
 * A deflate encoder (RFC 1951) for events: one look at the last place where the next four bytes
 * stood, greedy matches, one Huffman code for each run of tokens. Nearly twice as fast as
 * zlib's level 1, for nearly the same size. */
#include "hindsight.h"

enum {
    HASH_BITS = 14, WINDOW = 32768, SHORTEST = 4, LONGEST = 258, RUN = 1 << 15,
    LITERALS = 286, DISTANCES = 30, LENGTH_CODES = 19, LONGEST_CODE = 15, END_OF_RUN = 256
};

typedef struct {
    uint8_t *to;
    uint8_t *end;
    uint64_t bits;
    int count;
    int is_full;
} Bits;

/* Writes whole bytes out; fewer than 8 bits are left. */
static inline void
write_bits(Bits *out)
{
    if (out->end - out->to < 8) {
        out->is_full = 1;
        out->count = 0;
        return;
    }
    for (int place = 0; place < 8; place++) {
        out->to[place] = (uint8_t)(out->bits >> (8 * place));
    }
    out->to += out->count >> 3;
    out->bits >>= out->count & ~7;
    out->count &= 7;
}

/* There is room for 48 bits; `write_bits` makes it again. */
static inline void
add_bits(Bits *out, uint64_t value, int count)
{
    out->bits |= value << out->count;
    out->count += count;
}

static inline void
put_bits(Bits *out, uint32_t value, int count)
{
    add_bits(out, value, count);
    if (out->count >= 16) {
        write_bits(out);
    }
}

static void
flush_bits(Bits *out)
{
    write_bits(out);
    if (out->count > 0) {
        out->to++;
    }
}

/* ---- Huffman codes ---- */

typedef struct {
    uint16_t code[LITERALS];
    uint8_t length[LITERALS];
} Code;

typedef struct {
    uint32_t weight;
    int16_t symbol;
} Leaf;

static int
by_weight(const void *left, const void *right)
{
    const Leaf *a = left, *b = right;
    if (a->weight != b->weight) {
        return a->weight < b->weight ? -1 : 1;
    }
    return a->symbol - b->symbol;
}

/* How many codes of each length the best code has, by merging the two lightest again and again. */
static void
count_lengths(const Leaf *leaves, int count, int *of_length)
{
    uint32_t weight[2 * LITERALS];
    int parent[2 * LITERALS], depth[2 * LITERALS];
    int leaf = 0, inner = count, next = count;
    for (int place = 0; place < count; place++) {
        weight[place] = leaves[place].weight;
    }
    while (next < 2 * count - 1) {
        weight[next] = 0;
        for (int half = 0; half < 2; half++) {
            int lightest = leaf < count && (inner == next || weight[leaf] <= weight[inner])
                               ? leaf++
                               : inner++;
            weight[next] += weight[lightest];
            parent[lightest] = next;
        }
        next++;
    }
    depth[next - 1] = 0;
    for (int node = next - 2; node >= 0; node--) {
        depth[node] = depth[parent[node]] + 1;
        if (node < count) {
            of_length[depth[node] < 32 ? depth[node] : 32]++;
        }
    }
}

/* Shortens codes that are too long; others become longer for them (Kraft's sum stays one). */
static void
limit_lengths(int *of_length, int longest)
{
    int64_t used = 0;
    for (int length = 32; length > longest; length--) {
        of_length[longest] += of_length[length];
        of_length[length] = 0;
    }
    for (int length = 1; length <= longest; length++) {
        used += (int64_t)of_length[length] << (longest - length);
    }
    while (used > (int64_t)1 << longest) {
        int length = longest - 1;
        while (of_length[length] == 0) {
            length--;
        }
        of_length[length]--;
        of_length[length + 1] += 2;
        of_length[longest]--;
        used--;
    }
}

static uint16_t
reversed(unsigned code, int length)
{
    unsigned back = 0;
    for (int bit = 0; bit < length; bit++) {
        back = back << 1 | (code >> bit & 1);
    }
    return (uint16_t)back;
}

static void
number_codes(Code *code, int symbols, const int *of_length, int longest)
{
    unsigned first[LONGEST_CODE + 2] = {0}, next = 0;
    for (int length = 1; length <= longest; length++) {
        first[length] = next;
        next = (next + (unsigned)of_length[length]) << 1;
    }
    for (int symbol = 0; symbol < symbols; symbol++) {
        int length = code->length[symbol];
        if (length > 0) {
            code->code[symbol] = reversed(first[length]++, length);
        }
    }
}

static void
make_code(Code *code, const uint32_t *weights, int symbols, int longest)
{
    Leaf leaves[LITERALS];
    int count = 0, of_length[33] = {0};
    memset(code, 0, sizeof *code);
    for (int symbol = 0; symbol < symbols; symbol++) {
        if (weights[symbol] > 0) {
            leaves[count].weight = weights[symbol];
            leaves[count++].symbol = (int16_t)symbol;
        }
    }
    /* A code of one symbol has a length, too; a second one keeps it whole. */
    for (int symbol = 0; count < 2; symbol++) {
        if (weights[symbol] == 0) {
            leaves[count].weight = 1;
            leaves[count++].symbol = (int16_t)symbol;
        }
    }
    qsort(leaves, (size_t)count, sizeof(Leaf), by_weight);
    count_lengths(leaves, count, of_length);
    limit_lengths(of_length, longest);
    int place = 0;
    for (int length = longest; length > 0; length--) {
        for (int times = of_length[length]; times > 0; times--) {
            code->length[leaves[place++].symbol] = (uint8_t)length;
        }
    }
    number_codes(code, symbols, of_length, longest);
}

/* ---- Lengths and distances ---- */

static const uint16_t LENGTH_BASE[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                         31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t LENGTH_EXTRA[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                         2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};

typedef struct {
    uint8_t code_of_length[LONGEST + 1];
    uint32_t literal_weight[LITERALS];
    uint32_t distance_weight[DISTANCES];
    uint32_t tokens[RUN];       /* a byte; or length << 16 | distance, both at least one */
    int token_count;
    int32_t last[1 << HASH_BITS];
} State;

static void
fill_code_of_length(State *state)
{
    for (int code = 0; code < 29; code++) {
        int end = code < 28 ? LENGTH_BASE[code + 1] : LONGEST + 1;
        for (int length = LENGTH_BASE[code]; length < end; length++) {
            state->code_of_length[length] = (uint8_t)code;
        }
    }
    state->code_of_length[LONGEST] = 28;
}

static inline int
highest_bit(uint32_t number)
{
#if defined(__GNUC__)
    return 31 - __builtin_clz(number);
#else
    int high = 0;
    while (number >> (high + 1) != 0) {
        high++;
    }
    return high;
#endif
}

/* The code of a distance; what is left of it and in how many bits. */
static inline int
distance_code(uint32_t distance, uint32_t *rest, int *bits)
{
    uint32_t from_zero = distance - 1;
    if (from_zero < 4) {
        *rest = 0;
        *bits = 0;
        return (int)from_zero;
    }
    int high = highest_bit(from_zero);
    *bits = high - 1;
    *rest = from_zero & ((1u << *bits) - 1);
    return 2 * high + (int)(from_zero >> (high - 1) & 1);
}

/* ---- One run of tokens ---- */

/* The codes' lengths, each by itself: short codes of codes matter little beside a run. */
static void
put_codes(Bits *out, const Code *literals, const Code *distances)
{
    static const uint8_t ORDER[LENGTH_CODES] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                11, 4,  12, 3, 13, 2, 14, 1, 15};
    uint32_t weights[LENGTH_CODES] = {0};
    for (int symbol = 0; symbol < LITERALS; symbol++) {
        weights[literals->length[symbol]]++;
    }
    for (int symbol = 0; symbol < DISTANCES; symbol++) {
        weights[distances->length[symbol]]++;
    }
    Code lengths;
    make_code(&lengths, weights, LENGTH_CODES, 7);
    put_bits(out, LITERALS - 257, 5);
    put_bits(out, DISTANCES - 1, 5);
    put_bits(out, LENGTH_CODES - 4, 4);
    for (int place = 0; place < LENGTH_CODES; place++) {
        put_bits(out, lengths.length[ORDER[place]], 3);
    }
    for (int symbol = 0; symbol < LITERALS; symbol++) {
        int length = literals->length[symbol];
        put_bits(out, lengths.code[length], lengths.length[length]);
    }
    for (int symbol = 0; symbol < DISTANCES; symbol++) {
        int length = distances->length[symbol];
        put_bits(out, lengths.code[length], lengths.length[length]);
    }
}

/* The bits of a byte, and of the length of a match with what follows its code. */
typedef struct {
    uint32_t code;
    int length;
} Bitcode;

typedef struct {
    Bitcode literal[256];
    Bitcode match[LONGEST + 1];
} Packed;

static void
pack_codes(Packed *packed, const State *state, const Code *literals)
{
    for (int byte = 0; byte < 256; byte++) {
        packed->literal[byte] = (Bitcode){literals->code[byte], literals->length[byte]};
    }
    for (int length = LENGTH_BASE[0]; length <= LONGEST; length++) {
        int code = state->code_of_length[length], bits = literals->length[257 + code];
        uint32_t rest = (uint32_t)(length - LENGTH_BASE[code]);
        packed->match[length] =
            (Bitcode){rest << bits | literals->code[257 + code], bits + LENGTH_EXTRA[code]};
    }
}

static void
put_tokens(Bits *to, const State *state, const Packed *packed, const Code *distances)
{
    /* A copy: what is written could be anything that is read by a pointer. */
    Bits out = *to;
    const uint32_t *end = state->tokens + state->token_count;
    for (const uint32_t *token = state->tokens; token < end; token++) {
        uint32_t length = *token >> 16, rest;
        if (length == 0) {
            add_bits(&out, packed->literal[*token].code, packed->literal[*token].length);
        }
        else {
            int bits, code = distance_code(*token & 0xFFFF, &rest, &bits);
            add_bits(&out, packed->match[length].code, packed->match[length].length);
            add_bits(&out, (uint64_t)rest << distances->length[code] | distances->code[code],
                     bits + distances->length[code]);
        }
        if (out.count >= 16) {
            write_bits(&out);
        }
    }
    *to = out;
}

static void
put_run(Bits *out, State *state, int is_last)
{
    Code literals, distances;
    state->literal_weight[END_OF_RUN] = 1;
    make_code(&literals, state->literal_weight, LITERALS, LONGEST_CODE);
    make_code(&distances, state->distance_weight, DISTANCES, LONGEST_CODE);
    put_bits(out, (uint32_t)is_last, 1);
    put_bits(out, 2, 2);
    put_codes(out, &literals, &distances);
    Packed packed;
    pack_codes(&packed, state, &literals);
    put_tokens(out, state, &packed, &distances);
    put_bits(out, literals.code[END_OF_RUN], literals.length[END_OF_RUN]);
    memset(state->literal_weight, 0, sizeof state->literal_weight);
    memset(state->distance_weight, 0, sizeof state->distance_weight);
    state->token_count = 0;
}

/* ---- Matches ---- */

static inline uint32_t
four_bytes(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline uint32_t
match_length(const uint8_t *here, const uint8_t *there, const uint8_t *end)
{
    uint32_t length = SHORTEST;
    uint32_t most = end - here < LONGEST ? (uint32_t)(end - here) : LONGEST;
    while (length + 8 <= most) {
        uint64_t a, b;
        memcpy(&a, here + length, sizeof a);
        memcpy(&b, there + length, sizeof b);
        if (a != b) {
#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
            return length + (uint32_t)__builtin_ctzll(a ^ b) / 8;
#else
            break;
#endif
        }
        length += 8;
    }
    while (length < most && here[length] == there[length]) {
        length++;
    }
    return length;
}

static void
encode(Bits *out, State *state, const uint8_t *from, Py_ssize_t size)
{
    const uint8_t *at = from, *end = from + size;
    uint32_t *token = state->tokens, *const full = state->tokens + RUN;
    while (at < end) {
        uint32_t length = 0, distance = 0;
        if (end - at >= SHORTEST) {
            uint32_t next = four_bytes(at);
            int32_t *last = &state->last[next * 2654435761u >> (32 - HASH_BITS)];
            int32_t place = (int32_t)(at - from), before = *last;
            *last = place;
            /* 16 bits hold a distance; the farthest, 32768, fits. */
            if (before >= 0 && place - before <= WINDOW && four_bytes(from + before) == next) {
                length = match_length(at, from + before, end);
                distance = (uint32_t)(place - before);
            }
        }
        if (length > 0) {
            uint32_t rest;
            int bits;
            *token++ = length << 16 | distance;
            state->literal_weight[257 + state->code_of_length[length]]++;
            state->distance_weight[distance_code(distance, &rest, &bits)]++;
            at += length;
        }
        else {
            *token++ = *at;
            state->literal_weight[*at++]++;
        }
        if (token == full) {
            state->token_count = RUN;
            put_run(out, state, at == end);
            token = state->tokens;
            if (at == end) {
                return;
            }
        }
    }
    state->token_count = (int)(token - state->tokens);
    put_run(out, state, 1);
}

size_t
hs_deflate_room(void)
{
    return sizeof(State);
}

size_t
hs_deflate_into(void *work, const uint8_t *from, size_t size, uint8_t *to)
{
    State *state = work;
    state->token_count = 0;
    memset(state->literal_weight, 0, sizeof state->literal_weight);
    memset(state->distance_weight, 0, sizeof state->distance_weight);
    for (size_t place = 0; place < Py_ARRAY_LENGTH(state->last); place++) {
        state->last[place] = -1;
    }
    fill_code_of_length(state);
    Bits out = {.to = to, .end = to + size + 8};
    encode(&out, state, from, (Py_ssize_t)size);
    flush_bits(&out);
    size_t length = (size_t)(out.to - to);
    return out.is_full || length >= size ? 0 : length;
}

PyObject *
hs_deflate(PyObject *Py_UNUSED(module), PyObject *raw)
{
    Py_ssize_t size;
    char *from;
    if (PyBytes_AsStringAndSize(raw, &from, &size) < 0) {
        return NULL;
    }
    void *work = size > INT32_MAX ? NULL : PyMem_RawMalloc(hs_deflate_room());
    PyObject *packed = work == NULL ? PyErr_NoMemory() : PyBytes_FromStringAndSize(NULL, size + 8);
    if (packed == NULL) {
        PyMem_RawFree(work);
        return NULL;
    }
    uint8_t *to = (uint8_t *)PyBytes_AS_STRING(packed);
    size_t length = hs_deflate_into(work, (const uint8_t *)from, (size_t)size, to);
    PyMem_RawFree(work);
    if (length == 0) {
        Py_DECREF(packed);
        return Py_NewRef(raw);
    }
    _PyBytes_Resize(&packed, (Py_ssize_t)length);
    return packed;
}
