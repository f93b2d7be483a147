/* What is the checksum of these bytes? The CRC-32 of zlib, four bytes at a time. */
#include "hindsight.h"

static uint32_t table[4][256];

void
hs_make_crc32_table(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
        }
        table[0][byte] = crc;
    }
    for (int row = 1; row < 4; row++) {
        for (int byte = 0; byte < 256; byte++) {
            uint32_t before = table[row - 1][byte];
            table[row][byte] = before >> 8 ^ table[0][before & 0xFF];
        }
    }
}

uint32_t
hs_crc32(const uint8_t *from, size_t length)
{
    uint32_t crc = 0xFFFFFFFFu;
    for (; length >= 4; length -= 4, from += 4) {
        crc ^= (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16
               | (uint32_t)from[3] << 24;
        crc = table[3][crc & 0xFF] ^ table[2][crc >> 8 & 0xFF] ^ table[1][crc >> 16 & 0xFF]
              ^ table[0][crc >> 24];
    }
    for (; length > 0; length--, from++) {
        crc = crc >> 8 ^ table[0][(crc ^ *from) & 0xFF];
    }
    return ~crc;
}
