// docs/formats.md section 8 by another hand; check_vectors.cjs runs it.
'use strict';
const {ensure, hash, hex, parts, Reader, refuse, sha256, sodium, u8} =
  require('./building_blocks.cjs');

const ZERO = Buffer.alloc(32);
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const bad = 'INVALID_ARGUMENT';

const number = (bytes) => BigInt('0x' + Buffer.from(bytes).reverse().toString('hex'));
const isZero = (bytes) => ZERO.equals(bytes);
const scalar = (small) => Buffer.concat([u8(small), ZERO.subarray(1)]);

// libsodium throws where a product is the identity.
const timesBase = (s) => isZero(s) ? ZERO :
  Buffer.from(sodium().crypto_scalarmult_ristretto255_base(s));
const times = (s, p) => isZero(p) ? ZERO :
  Buffer.from(sodium().crypto_scalarmult_ristretto255(s, p));
const add = (p, q) => Buffer.from(sodium().crypto_core_ristretto255_add(p, q));

function checkCounts(threshold, count, code) {
  ensure(threshold >= 2 && threshold <= count && count <= 16, code);
}

function bodyOf(text) {
  const start = text.indexOf('sodality-share-');
  ensure(start >= 0, bad);
  const line = text.slice(start).replace(/\s/g, '');
  const match = /^sodality-share-(\d+)-([0-9a-f]*)-([0-9a-f]{8})$/i.exec(line);
  ensure(match, bad);
  ensure(match[1] === '1', 'FAILED_PRECONDITION');
  ensure(match[2].length % 2 === 0, bad);
  const body = hex(match[2]);
  ensure(sha256('sodality-share-1-', body).toString('hex').slice(0, 8) ===
    match[3].toLowerCase(), bad);
  return body;
}

function open(text) {
  const reader = new Reader(bodyOf(text), bad);
  const share = {index: reader.number(1), threshold: reader.number(1),
    count: reader.number(1), chapter: reader.take(16), set: reader.take(16),
    value: reader.take(32), commitments: []};
  while (reader.left() > 0) share.commitments.push(reader.take(32));
  checkCounts(share.threshold, share.count, bad);
  ensure(share.index >= 1 && share.index <= share.count, bad);
  ensure(share.commitments.length === share.threshold, bad);
  ensure(share.commitments.every((p) =>
    sodium().crypto_core_ristretto255_is_valid_point(p)), bad);
  ensure(!isZero(share.commitments[0]) && !isZero(share.commitments.at(-1)), bad);
  ensure(sha256(parts('sodality/share-set/1', share.chapter, u8(share.threshold),
    u8(share.count), ...share.commitments)).subarray(0, 16).equals(share.set), bad);
  ensure(number(share.value) < ORDER, bad);
  const expected = share.commitments.reduceRight(
    (sum, commitment) => add(times(scalar(share.index), sum), commitment), ZERO);
  ensure(timesBase(share.value).equals(expected), bad);
  return share;
}

const modulo = (n) => ((n % ORDER) + ORDER) % ORDER;

function inverse(n) {
  let out = 1n, power = modulo(n);
  for (let rest = ORDER - 2n; rest > 0n; rest >>= 1n) {
    if (rest & 1n) out = modulo(out * power);
    power = modulo(power * power);
  }
  return out;
}

// The value at zero of the polynomial through all shares.
function secretOf(shares) {
  const at = (share) => BigInt(share.index);
  const sum = shares.reduce((total, share) => total + shares
    .filter((other) => other !== share)
    .reduce((product, other) => modulo(product * at(other) * inverse(at(other) - at(share))),
      number(share.value)), 0n);
  return Buffer.from(modulo(sum).toString(16).padStart(64, '0'), 'hex').reverse();
}

function rootOfShares(v, expected) {
  const shares = [];
  for (let i = 1; `share-${i}` in v; i++) {
    const share = open(v[`share-${i}`]);
    ensure(share.chapter.equals(expected.chapter) && share.set.equals(expected.set) &&
      share.threshold === expected.threshold && share.count === expected.count,
    'FAILED_PRECONDITION');
    ensure(shares.every((other) => other.index !== share.index), 'ALREADY_EXISTS');
    shares.push(share);
  }
  if (shares.length < expected.threshold) refuse('FAILED_PRECONDITION');
  return hash(secretOf(shares.slice(0, expected.threshold)),
    parts('sodality/root-from-shares/1', expected.chapter, expected.set), 32);
}

function readShare(v) {
  const share = open(v.share);
  return {chapter: share.chapter.toString('hex'), set: share.set.toString('hex'),
    index: String(share.index), threshold: String(share.threshold),
    count: String(share.count), value: share.value.toString('hex')};
}

function combineShares(v) {
  return {'root-key': rootOfShares(v, {chapter: hex(v.chapter), set: hex(v.set),
    threshold: Number(v.threshold), count: Number(v.count)}).toString('hex')};
}

module.exports = {checkCounts, combineShares, readShare, rootOfShares};
