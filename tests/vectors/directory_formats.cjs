// docs/formats-directory.md, access rows and the digest row by another hand;
// check_vectors.cjs runs it.
'use strict';
const {ensure, hash, hex, keysOf, openSealed, parts, Reader, refuse, Refused, u16, u64} =
  require('./building_blocks.cjs');

const code = 'DATA_LOSS';
const STATE_KEY = 4;
const SUPPRESSION_KEY = 8;

const active = (versions) => versions[Math.max(...Object.keys(versions))];

// Numbers are BigInt, all else is text.
function keyedDigest(key, domain, ...items) {
  const partKey = hash(key, parts('sodality/part/1'), 32);
  return hash(key, parts(domain, ...items.map((item) =>
    typeof item === 'bigint' ? u64(item) : hash(partKey, item, 32))), 32);
}

function findRequest(v) {
  const {keys} = keysOf(hex(v.plain));
  const key = hash(active(keys[STATE_KEY]), parts('sodality/request-id/1'), 32);
  const row = hash(key, parts('sodality/request-key/1', hex(v.principal), hex(v.request)), 16);
  const content = keyedDigest(key, v.act, v['text-1'], BigInt(v['number-2']), v['text-3']);
  const kept = openSealed(keys[STATE_KEY], 'request', parts('sodality/request/1', row),
    hex(v.sealed));
  ensure(kept.length >= 32, code);
  ensure(kept.subarray(0, 32).equals(content), 'INVALID_ARGUMENT');
  return {row: row.toString('hex'), content: content.toString('hex'),
    answer: kept.subarray(32).toString('hex')};
}

const wordsOf = (text) => text.split(' ').filter((word) => word !== '');

function openPage(v) {
  const words = wordsOf(v.words), fields = wordsOf(v.fields);
  const filters = wordsOf(v.filters).map((filter) => filter.split('='));
  const count = (list) => BigInt(list.length);
  const digest = keyedDigest(hex(v['question-key']), 'question', count(words), ...words,
    count(filters), ...filters.flat(), BigInt(v.reveal), count(fields), ...fields, v.country);
  const place = parts('sodality/page-token/1', hex(v.principal), hex(v.grant),
    u64(v['grant-version']), digest);
  ensure(/^[A-Za-z0-9_-]*=*$/.test(v.token), 'INVALID_ARGUMENT');
  try {
    const reader = new Reader(openSealed({1: hex(v['page-key'])}, 'page-token', place,
      Buffer.from(v.token, 'base64url')), code);
    const after = reader.take(16), end = reader.take(8).readBigUInt64LE();
    reader.end();
    ensure(BigInt(v.now) < end, code);
    return {after: after.toString('hex')};
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refuse('INVALID_ARGUMENT');
  }
}

function suppressedRow(v) {
  const {keys} = keysOf(hex(v.plain));
  const key = hash(active(keys[SUPPRESSION_KEY]), parts('sodality/suppression/1'), 32);
  if (v.contact !== undefined) {
    const row = (domain, ...more) =>
      hash(key, parts(domain, v.kind, v.contact, ...more), 16).toString('hex');
    return {row: row('sodality/suppressed-contact/1'),
      'name-row': row('sodality/suppressed-name/1', v.word)};
  }
  const id = v['external-id'].normalize('NFKC').toLowerCase();
  return {row: hash(key, parts('sodality/suppressed/1', id), 16).toString('hex')};
}

function readPacked(v) {
  const bytes = hex(v.packed), keys = [];
  ensure(bytes.length % 8 === 0, code);
  for (let at = 0; at < bytes.length; at += 8) keys.push(bytes.readBigUInt64BE(at));
  ensure(keys.every((key, at) => at === 0 || keys[at - 1] < key), code);
  const asked = wordsOf(v.tokens).map((token) => {
    const [version, slot, bits] = token.split('/').map(BigInt);
    return version << 48n | slot << 32n | bits;
  });
  ensure([...new Set(asked)].sort((a, b) => (a < b ? -1 : 1)).join() === keys.join(), code);
  return {'row-key': String(hex(v.member).readBigUInt64BE(0) >> 1n)};
}

// The fields of each table.
const FIELDS = {
  1: (r) => { r.sized(); r.take(2); if (r.number(1)) r.take(16); r.take(8); },
  2: (r, layout) => {
    r.take(16);
    r.take(r.number(1) * 40);
    r.take(8 + 1);
    if (layout === 2) r.take(32);
  },
  3: (r) => {
    r.take(16 + 1);
    for (let left = r.number(4); left > 0; left--) { r.take(2); r.sized(); r.sized(); }
    r.take(r.number(1));
    r.sized();
    r.take(8 + 8 + 12 + 1 + 16);
  },
  4: (r) => { r.take(16 + 32 + 32 + 8 + 1 + 32 + 16); r.sized(); },
  5: (r) => {
    r.sized();
    r.take(1 + 8 + 8 + 8 + 16);
    r.take(r.number(1) * (16 + 16 + 8 + 64));
  },
  6: () => {},
  7: (r, layout) => {
    const kind = r.number(1);
    r.take(4 + 4);
    const phase = r.number(1);
    r.take(16 + 8);
    const work = layout === 1 ? 1 : r.number(1);
    if (layout === 2) r.take(8);
    r.end();
    ensure(phase === 1 || phase === 2 || (phase === 3 && work === 4) ||
      (phase === 4 && work === 6), 'FAILED_PRECONDITION');
    ensure({1: 2, 2: 2, 3: 3, 4: 1, 6: 255}[work] === kind, 'FAILED_PRECONDITION');
    ensure(layout === 1 || work !== 1, code);
  },
  8: (r) => { r.take(16 + 8 + 16 + 8 + 32 + 8); },
  9: (r) => { r.take(16 + 8); r.take(r.number(1) * 5); },
};

function openAccessRow(v) {
  const {chapter, keys} = keysOf(hex(v.plain));
  const content = openSealed(keys[STATE_KEY], 'row', parts('sodality/row/1', chapter,
    u16(v.table), hex(v.row), u64(v['row-version'])), hex(v.sealed));
  const reader = new Reader(content, code);
  const layout = reader.number(1);
  ensure(layout === 1 || (layout === 2 && '27'.includes(v.table)), 'FAILED_PRECONDITION');
  ensure(v.table in FIELDS, code);
  FIELDS[v.table](reader, layout);
  reader.end();
  return {content: content.toString('hex')};
}

function rowDigest(key, line) {
  const [table, row, version] = line.split(' ');
  return hash(hash(key, parts('sodality/row-digest-key/1'), 32),
    parts('sodality/row-digest/1', u16(table), hex(row), u64(version)), 32);
}

function openDigestRow(v) {
  const {chapter, keys} = keysOf(hex(v.plain));
  ensure(v.sealed !== '', code);
  const reader = new Reader(openSealed(keys[STATE_KEY], 'digest-row',
    parts('sodality/digest-row/1', chapter), hex(v.sealed)), code);
  const text = () => String(reader.take(8).readBigUInt64LE());
  const revision = text();
  ensure(revision === v.revision, code);
  const values = {'ledger-number': text(), 'ledger-leaf': reader.take(32).toString('hex'),
    'ledger-revision': text()};
  const first = reader.left() === 7 * 32;
  if (!first) values['keyring-generation'] = text();
  const tables = first ? 7 : Math.floor(reader.left() / 32);
  ensure(tables <= 10, 'FAILED_PRECONDITION');
  ensure(first || tables >= 8, code);
  values.tables = reader.take(tables * 32).toString('hex');
  reader.end();
  const sums = Buffer.alloc(tables * 32);
  for (const name of Object.keys(v).filter((line) => line.startsWith('row-'))) {
    const digest = rowDigest(active(keys[STATE_KEY]), v[name]);
    const at = 32 * Number(v[name].split(' ')[0]);
    for (let i = 0; i < 32; i++) sums[at + i] ^= digest[i];
  }
  ensure(sums.toString('hex') === values.tables, code);
  return values;
}

function readValues(v) {
  const reader = new Reader(hex(v.encoded), code), values = {};
  const count = reader.number(1);
  ensure(count > 0, code);
  for (let at = 1; at <= count; at++) {
    values[`value-${at}`] = reader.take(reader.number(2)).toString();
  }
  reader.end();
  return values;
}

module.exports = {'request': findRequest, 'page-token': openPage,
  'suppression': suppressedRow, 'access-row': openAccessRow, 'digest-row': openDigestRow,
  'field-value': readValues, 'packing': readPacked};
