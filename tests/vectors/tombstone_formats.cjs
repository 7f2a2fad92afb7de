// docs/formats-backup.md, section 3, by another hand; check_vectors.cjs runs it.
'use strict';
const {ensure, hex, keysOf, openSealed, parts, Reader, Refused, sha256, u64} =
  require('./building_blocks.cjs');

const SUPPRESSION_KEY = 8;
const MOST = 64 << 10;

function readEntry(content, code) {
  const reader = new Reader(content, code);
  ensure(reader.number(1) === 1, 'FAILED_PRECONDITION');
  const words = [`@${reader.take(8).readBigUInt64LE()}`];
  for (let left = reader.number(4); left > 0; left--) {
    const kind = reader.number(1);
    ensure(kind <= 6, 'FAILED_PRECONDITION');
    ensure(kind > 0, code);
    words.push(`${kind}/${reader.take(16).toString('hex')}`);
  }
  reader.end();
  return words.join(' ');
}

function readTombstones(v) {
  const code = 'DATA_LOSS', {chapter, keys} = keysOf(hex(v.plain));
  const file = hex(v.tombstones);
  ensure(file.length >= 24 && file.subarray(0, 7).toString() === 'SODTOMB', code);
  ensure(file[7] === 0x31 && file.subarray(8, 24).equals(chapter), 'FAILED_PRECONDITION');
  const entries = [];
  let at = 24, link = Buffer.alloc(32);
  while (at < file.length) {
    const left = file.length - at;
    const length = left < 4 ? Infinity : file.readUInt32LE(at);
    if (file.subarray(at).every((byte) => byte === 0)) break;
    if (left >= 4) ensure(length <= MOST, code);
    if (length > left - 4) break;
    const blob = file.subarray(at + 4, at + 4 + length);
    const place = parts('sodality/tombstone/1', chapter, u64(entries.length + 1), link);
    try {
      entries.push(readEntry(openSealed(keys[SUPPRESSION_KEY], 'tombstone', place, blob), code));
    } catch (error) {
      const last = length === left - 4;
      if (error instanceof Refused && error.message === code && last) break;
      throw error;
    }
    link = sha256(blob);
    at += 4 + length;
  }
  return {entries: entries.join(' '), torn: String(file.length - at)};
}

module.exports = {tombstones: readTombstones};
