// docs/formats.md by another hand; check_vectors.cjs runs it.
'use strict';
const crypto = require('crypto');
const {checkCounts, combineShares, readShare, rootOfShares} = require('./share_formats.cjs');
const {argon2id, ensure, hash, hex, openSealed, parts, Reader, refuse, subkeys, u8, u16, u32,
  u64, unpad, unseal} = require('./building_blocks.cjs');

// Section 1: padding.
function unpadded(v) {
  return {text: unpad(hex(v.padded), 'DATA_LOSS').toString('hex')};
}

// Section 2: a member's record.
function openRecord(v) {
  const code = 'DATA_LOSS';
  const chapter = hex(v.chapter), member = hex(v.member);
  const revision = u64(v.revision);
  const reader = new Reader(hex(v.record), code);
  reader.versions();
  const version = reader.number(4), count = reader.number(2);
  const nonce = reader.take(24), box = reader.take(48);
  const commitment = reader.take(32);
  const fields = [];
  for (let i = 0; i < count; i++) {
    const id = reader.number(2), size = reader.number(4);
    ensure(i === 0 || fields[i - 1].id < id, code);
    fields.push({id, size, nonce: reader.take(24), sealed: reader.take(size)});
  }
  reader.end();
  const bound = [u8(1), chapter, member, revision];
  const recordKey = unseal(hex(v['wrap-key']), nonce,
    parts('sodality/wrapped-key/1', ...bound, u32(version)), box, code);
  const {commit, seal} = subkeys(recordKey, 'sodality/record-subkeys/1');
  const directory = Buffer.concat(
    fields.map((field) => Buffer.concat([u16(field.id), u32(field.size)])));
  ensure(hash(commit, parts('sodality/record-commitment/1', ...bound,
    u32(version), directory), 32).equals(commitment), code);
  const values = {'wrap-key-version': String(version)};
  for (const field of fields) {
    const boundTo = parts('sodality/field/1', u8(1), chapter, member,
      u16(field.id), revision);
    values[`field-${field.id}`] = unpad(
      unseal(seal, field.nonce, boundTo, field.sealed, code), code).toString();
  }
  return values;
}

// Section 3: sealed values; an access row is one.
function openRow(v) {
  const place = parts('sodality/row/1', hex(v.chapter), u16(v.table), hex(v.row),
    u64(v['row-version']));
  return {plaintext: openSealed({[v['state-key-version']]: hex(v['state-key'])}, 'row',
    place, hex(v.sealed)).toString()};
}

// Section 4: index tokens.
function deriveToken(v) {
  const subkey = hash(hex(v['index-key']), parts('sodality/token-key/1', u16(v.slot)), 32);
  const low = hash(subkey, v.value, 16).readUInt32LE(0);
  return {token: String(BigInt(low) & ((1n << BigInt(v.bits)) - 1n))};
}

// Sections 5 and 7: the keyring file and the root key's file.
const CUSTODY_KEY_FILE = 1;
const CUSTODY_PASSPHRASE = 2;
const CUSTODY_SHARES = 3;

function rootKeyOf(text) {
  const prefix = 'sodality-root-1-';
  const match = /^sodality-root-1-([0-9a-f]{64})-([0-9a-f]{8})$/.exec(text);
  ensure(match, 'INVALID_ARGUMENT');
  const key = hex(match[1]);
  const sum = crypto.createHash('sha256').update(prefix).update(key).digest('hex');
  ensure(sum.slice(0, 8) === match[2], 'INVALID_ARGUMENT');
  return key;
}

function readSlots(reader) {
  const slots = [];
  for (let left = reader.number(1); left > 0; left--) {
    const slot = {custody: reader.number(1), passes: reader.number(4),
      memory: reader.number(4), salt: reader.take(16), commitment: reader.take(32),
      nonce: reader.take(24), box: reader.take(48)};
    slot.binding = parts('sodality/keyring-slot/1', u8(1), u8(slot.custody),
      u32(slot.passes), u32(slot.memory), slot.salt);
    slots.push(slot);
  }
  return slots;
}

function checkSlot(slot) {
  if (slot.custody === CUSTODY_SHARES) checkCounts(slot.passes, slot.memory, 'DATA_LOSS');
}

function checkActiveKeys(plain) {
  const reader = new Reader(plain, 'DATA_LOSS');
  reader.take(1 + 16 + 8);
  const active = {};
  for (let left = reader.number(2); left > 0; left--) {
    const kind = reader.number(1);
    reader.take(4);
    active[kind] = (active[kind] || 0) + (reader.number(1) === 2 ? 1 : 0);
    reader.take(8 + 4);
    reader.take(reader.number(4));
  }
  reader.end();
  for (let kind = 1; kind <= 8; kind++) ensure(active[kind] === 1, 'DATA_LOSS');
}

// Its keys, and the key of the file.
function openKeyringFile(v, bytes) {
  const reader = new Reader(bytes, 'DATA_LOSS');
  ensure(reader.take(16).toString() === 'sodality-keyring', 'DATA_LOSS');
  reader.versions();
  const slots = readSlots(reader);
  const head = bytes.subarray(0, reader.at);
  const nonce = reader.take(24), sealed = reader.rest();
  for (const slot of slots) checkSlot(slot);
  const custody = v.passphrase ? CUSTODY_PASSPHRASE :
    v['root-key'] ? CUSTODY_KEY_FILE : CUSTODY_SHARES;
  const mine = slots.filter((slot) => slot.custody === custody);
  const fixed = v['root-key'] ? rootKeyOf(v['root-key']) : null;
  ensure(mine.length > 0, 'FAILED_PRECONDITION');
  for (const slot of mine) {
    const root = fixed || (v.passphrase ?
      argon2id(v.passphrase, slot.salt, slot.passes, slot.memory) :
      rootOfShares(v, {chapter: hex(v.plain).subarray(1, 17), set: slot.salt,
        threshold: slot.passes, count: slot.memory}));
    const {commit, seal} = subkeys(root, 'sodality/root-subkeys/1');
    if (!hash(commit, slot.binding, 32).equals(slot.commitment)) continue;
    const fileKey = unseal(seal, slot.nonce, slot.binding, slot.box, 'DATA_LOSS');
    const plain = unseal(fileKey, nonce, parts('sodality/keyring/1', head), sealed,
      'DATA_LOSS');
    checkActiveKeys(plain);
    return {plain, fileKey};
  }
  return refuse('PERMISSION_DENIED');
}

function openKeyring(v) {
  return {plain: openKeyringFile(v, hex(v.keyring)).plain.toString('hex')};
}

// docs/formats-backup.md, section 1.
const BACKUP_CHUNK = 65536, BACKUP_OVERHEAD = 24 + 16;

function openBackup(v) {
  const bytes = hex(v.backup);
  const reader = new Reader(bytes, 'DATA_LOSS');
  ensure(reader.take(16).toString() === 'sodality-backup\n', 'DATA_LOSS');
  reader.versions();
  reader.take(16);
  const keyring = reader.take(reader.number(4));
  const head = bytes.subarray(0, reader.at);
  const {fileKey} = openKeyringFile(v, keyring);
  const key = hash(fileKey, parts('sodality/backup-key/1', head), 32);
  const plain = [];
  let rest = reader.rest();
  ensure(rest.length > 0, 'DATA_LOSS');
  for (let index = 0; rest.length > 0; index++) {
    const chunk = rest.subarray(0, BACKUP_CHUNK + BACKUP_OVERHEAD);
    rest = rest.subarray(chunk.length);
    ensure(chunk.length > BACKUP_OVERHEAD, 'DATA_LOSS');
    plain.push(unseal(key, chunk.subarray(0, 24), parts('sodality/backup/1', u64(index),
      u8(rest.length === 0 ? 1 : 0)), chunk.subarray(24), 'DATA_LOSS'));
  }
  return {plain: Buffer.concat(plain).toString('hex')};
}

// Section 6: the passphrase box.
function openBox(v) {
  const code = 'DATA_LOSS';
  const reader = new Reader(hex(v.box), code);
  reader.versions();
  const passes = reader.number(4), memory = reader.number(4);
  ensure(passes >= 1 && passes <= 16 && memory >= 8 && memory <= 1 << 20, code);
  const salt = reader.take(16), commitment = reader.take(32), nonce = reader.take(24);
  const key = argon2id(v.passphrase, salt, passes, memory);
  const {commit, seal} = subkeys(key, 'sodality/passphrase-box-subkeys/1');
  const binding = parts('sodality/passphrase-box/1', u8(1), v.purpose, u32(passes),
    u32(memory), salt);
  ensure(hash(commit, binding, 32).equals(commitment), 'PERMISSION_DENIED');
  return {plaintext: unpad(unseal(seal, nonce, binding, reader.rest(), code),
    code).toString()};
}

module.exports = {'padding': unpadded, 'record': openRecord, 'row': openRow,
  'token': deriveToken, 'keyring': openKeyring, 'passphrase-box': openBox, 'backup': openBackup,
  'share': readShare, 'share-set': combineShares};
