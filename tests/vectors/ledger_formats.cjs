// docs/formats-ledger.md by another hand; check_vectors.cjs runs it.
'use strict';
const {ensure, hash, hex, keysOf, openSealed, parts, Reader, sha256, sodium, u8, u64} =
  require('./building_blocks.cjs');

const code = 'DATA_LOSS';
const LEDGER_KEY = 5;

function readHeader(bytes) {
  const reader = new Reader(bytes, code);
  const version = reader.number(1);
  ensure(version !== 0, code);
  ensure(version === 1, 'FAILED_PRECONDITION');
  const header = {number: reader.take(8).readBigUInt64LE(), previous: reader.take(32)};
  reader.take(8 + 8);
  const action = reader.number(2);
  reader.take(1 + 16 + 16 + 16 + 8);
  header.startsKey = action === 44 && reader.take(16)[0] === LEDGER_KEY;
  if (action !== 44) reader.take(16);
  const count = reader.number(4);
  ensure(count <= 4096, code);
  header.parts = [];
  for (let i = 0; i < count; i++) {
    header.parts.push({tag: reader.take(16), sequence: reader.take(8).readBigUInt64LE()});
  }
  reader.end();
  return header;
}

function openPart(v) {
  const key = hex(v['member-key']), tag = hash(key, parts('sodality/ledger-tag/1'), 16);
  const content = openSealed({1: key}, 'ledger-part',
    parts('sodality/ledger-part/1', hex(v.tag)), hex(v.sealed));
  ensure(sha256(content).equals(hex(v.commitment)), code);
  const reader = new Reader(content, code);
  reader.take(32);
  const member = reader.take(16).toString('hex'), fields = [];
  for (let left = reader.number(2); left > 0; left--) fields.push(reader.number(2));
  reader.end();
  return {tag: tag.toString('hex'), member, fields: fields.join(' ')};
}

function openEntry(v) {
  const {chapter, keys} = keysOf(hex(v.plain));
  const reader = new Reader(openSealed(keys[LEDGER_KEY], 'ledger-entry',
    parts('sodality/ledger-entry/1', chapter, u64(v.number)), hex(v.sealed)), code);
  const bytes = reader.take(reader.number(4));
  const header = readHeader(bytes), commitments = [];
  for (let i = 0; i < header.parts.length; i++) {
    commitments.push(reader.take(32));
    reader.take(reader.number(4));
  }
  reader.end();
  ensure(header.number === BigInt(v.number), code);
  return {header: bytes.toString('hex'),
    commitments: Buffer.concat(commitments).toString('hex'),
    leaf: sha256(u8(0), bytes, ...commitments).toString('hex')};
}

function openDraft(v) {
  const {chapter, keys} = keysOf(hex(v.plain));
  const reader = new Reader(openSealed(keys[LEDGER_KEY], 'ledger-draft',
    parts('sodality/ledger-draft/1', chapter), hex(v.sealed)), code);
  ensure(reader.number(1) === 1, 'FAILED_PRECONDITION');
  const draft = {action: reader.number(2), outcome: reader.number(1),
    actor: reader.take(16), device: reader.take(16)};
  reader.number(1);
  Object.assign(draft, {grant: reader.take(16), 'grant-version': reader.number(4)});
  ensure(reader.number(4) === 0, code);
  draft.subject = reader.take(16);
  const count = reader.number(4), start = reader.at;
  for (let i = 0; i < count; i++) {
    reader.take(16 + 32);
    reader.take(reader.number(4));
  }
  draft.parts = reader.bytes.subarray(start, reader.at);
  reader.end();
  return Object.fromEntries(Object.entries(draft).map(([name, value]) =>
    [name, Buffer.isBuffer(value) ? value.toString('hex') : String(value)]));
}

// How the key that signs followed those before it.
function verifyChanges(v) {
  const numbers = [];
  let key = null, before = 0;
  for (let at = 1; at <= Number(v.changes || 0); at++) {
    const [old, next] = [hex(v[`old-key-${at}`]), hex(v[`new-key-${at}`])];
    const number = Number(v[`change-number-${at}`]);
    const message = parts('sodality/ledger-sign-keys/1', hex(v.chapter), old, next, u64(number));
    for (const [signer, line] of [[old, 'old-signature'], [next, 'new-signature']]) {
      ensure(sodium().crypto_sign_verify_detached(hex(v[`${line}-${at}`]), message, signer), code);
    }
    ensure(key === null || key.equals(old), code);
    ensure(number > before && number <= Number(v['head-number']), code);
    [key, before] = [next, number];
    numbers.push(number);
  }
  ensure(key === null || key.equals(hex(v['public-key'])), code);
  return numbers;
}

function verifyChain(v) {
  const restored = 'incarnation' in v;
  const message = parts(`sodality/ledger-head/${restored ? 2 : 1}`, hex(v.chapter),
    u64(v['head-number']), hex(v['head-leaf']), u64(v['head-revision']),
    ...(restored ? [hex(v.incarnation), hex(v.parent)] : []));
  ensure(!restored || (!/^0*$/.test(v.incarnation) && v.incarnation !== v.parent), code);
  ensure(sodium().crypto_sign_verify_detached(hex(v.signature), message,
    hex(v['public-key'])), code);
  const changes = verifyChanges(v), starts = [];
  let previous = Buffer.alloc(32);
  const sequences = new Map();
  for (let at = 1; at <= Number(v.entries); at++) {
    const bytes = hex(v[`header-${at}`]), commitments = hex(v[`commitments-${at}`]);
    const header = readHeader(bytes);
    ensure(header.number === BigInt(at) && Number(v[`number-${at}`]) === at, code);
    ensure(header.previous.equals(previous), code);
    ensure(commitments.length === 32 * header.parts.length, code);
    for (const {tag, sequence} of header.parts) {
      const member = tag.toString('hex');
      ensure(sequence === (sequences.get(member) || 0n) + 1n, code);
      sequences.set(member, sequence);
    }
    if (header.startsKey) starts.push(at);
    previous = sha256(u8(0), bytes, commitments);
  }
  ensure(v.entries === v['head-number'] && previous.equals(hex(v['head-leaf'])), code);
  ensure(starts.join() === changes.join(), code);
  return {};
}

module.exports = {'ledger-part': openPart, 'ledger-entry': openEntry,
  'ledger-draft': openDraft, 'ledger-chain': verifyChain};
