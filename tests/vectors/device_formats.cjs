// What docs/formats-pki.md has in text, by another hand; check_vectors.cjs runs
// it. Certificates are read by Node's own OpenSSL.
'use strict';
const crypto = require('crypto');
const {ensure, hex, refuse, sha256, sodium, u16} = require('./building_blocks.cjs');
const {'passphrase-box': openBox} = require('./crypto_formats.cjs');

const FIRST = 'sodality-invite-1\n';
const NAMES = ['address', 'chapter', 'server-name', 'name', 'role', 'expires',
  'ca-key-sha256'];
const PEM = '-----BEGIN CERTIFICATE-----\\n[^-]*-----END CERTIFICATE-----\\n';
const KEY = '-----BEGIN PRIVATE KEY-----\\n[^-]*-----END PRIVATE KEY-----\\n';

const spkiHash = (key) =>
  sha256(key.export({type: 'spki', format: 'der'})).toString('hex');

function readInvite(v) {
  const code = 'INVALID_ARGUMENT';
  const bytes = hex(v.invite), text = bytes.toString();
  ensure(bytes.length <= 16384 && text.startsWith(FIRST), code);
  const fields = NAMES.map((name) => `${name}: ([^\\n]*)\\n`).join('');
  const match = new RegExp(`^${FIRST}${fields}(${PEM})(${PEM})(${KEY})` +
    'checksum: ([0-9a-f]{64})\\n$').exec(text);
  ensure(match, code);
  ensure(sha256(bytes.subarray(0, -75)).toString('hex') === match[11], code);
  const values = Object.fromEntries(NAMES.map((name, at) => [name, match[at + 1]]));
  const authority = new crypto.X509Certificate(match[8]);
  const invite = new crypto.X509Certificate(match[9]);
  ensure(/^[^ ]*:(0|[1-9][0-9]*)$/.test(values.address), code);
  ensure(!/[\x00-\x1f]/.test(values.name) && /^[a-z0-9_-]{1,32}$/.test(values.role), code);
  ensure(invite.verify(authority.publicKey), code);
  ensure(invite.checkPrivateKey(crypto.createPrivateKey(match[10])), code);
  ensure(invite.keyUsage.join() === '1.3.6.1.5.5.7.3.2', code);
  ensure(new RegExp(`^URI:sodality:${values.chapter}/invite/[a-z2-7]{26}$`)
    .test(invite.subjectAltName), code);
  ensure(values['server-name'] === `${values.chapter}.sodality.internal`, code);
  ensure(Date.parse(values.expires) === Date.parse(invite.validTo), code);
  ensure(values['ca-key-sha256'] === spkiHash(authority.publicKey), code);
  return values;
}

function readRemembered(v) {
  const match = new RegExp('^sodality-remember-([12])\\nrevision: (0|[1-9][0-9]*)\\n' +
    'ledger-number: (0|[1-9][0-9]*)\\nledger-leaf: ([0-9a-f]{64})\\n' +
    'ledger-key: ([0-9a-f]{64})\\n(?:incarnation: ([0-9a-f]{32})\\n' +
    '((?:former: [0-9a-f]{32}\\n)*))?$').exec(hex(v.remember).toString());
  ensure(match && BigInt(match[2]) < 1n << 64n && BigInt(match[3]) < 1n << 64n, 'DATA_LOSS');
  const [, format, revision, number, leaf, key, incarnation, lines] = match;
  const former = (lines || '').split('\n').filter(Boolean).map((line) => line.slice(8));
  const restored = former.length > 0 || !/^0*$/.test(incarnation || '');
  ensure((format === '2') === restored && restored === (incarnation !== undefined), 'DATA_LOSS');
  ensure(former.length <= 64, 'DATA_LOSS');
  const values = {revision, 'ledger-number': number, 'ledger-leaf': leaf, 'ledger-key': key};
  return restored ? {...values, incarnation, former: former.join(' ')} : values;
}

function readProfile(v) {
  const code = 'INVALID_ARGUMENT';
  const names = ['address', 'chapter_id', 'chapter_name', 'server_name', 'device_id',
    'principal_name'];
  const lines = names.map((name) => `${name} = '([^']*)'\\n`).join('');
  const match = new RegExp(`^format = 1\\n${lines}$`).exec(hex(v.profile).toString());
  ensure(match && /:[0-9]+$/.test(match[1]) && /^[a-z2-7]{26}$/.test(match[5]), code);
  return Object.fromEntries(names.map((name, at) => [name, match[at + 1]]));
}

function readKey(v) {
  const file = hex(v.file);
  const boxed = !file.toString().startsWith('-----BEGIN ');
  const pem = boxed ? openBox({box: v.file, passphrase: v.passphrase,
    purpose: 'device-key'}).plaintext : file;
  let key;
  try {
    key = crypto.createPublicKey(crypto.createPrivateKey(pem));
  } catch {
    return refuse('DATA_LOSS');
  }
  return {'public-key': key.export({type: 'spki', format: 'der'}).toString('hex')};
}

function readAct(v) {
  const form = hex(v.form), fields = [];
  for (let at = 0; at < form.length;) {
    ensure(at + 4 <= form.length, 'INVALID_ARGUMENT');
    const end = at + 4 + form.readUInt32LE(at);
    ensure(end <= form.length, 'INVALID_ARGUMENT');
    fields.push(form.subarray(at + 4, end));
    at = end;
  }
  const sizes = [14, 16, 16, 16, 2, undefined, 16, 8, 8];
  ensure(fields.length === sizes.length && fields[0].toString() === 'sodality/act/1' &&
    fields.every((field, at) => [undefined, field.length].includes(sizes[at])),
  'INVALID_ARGUMENT');
  const [, chapter, incarnation, act, kind, content, proposer, created, expires] = fields;
  ensure(kind.equals(u16(1)), 'FAILED_PRECONDITION');
  ensure(content.length >= 7 && content.length === 7 + 16 * content.readUInt16LE(5),
    'INVALID_ARGUMENT');
  const ids = [];
  for (let at = 7; at < content.length; at += 16) {
    ids.push(content.subarray(at, at + 16).toString('hex'));
  }
  ensure(ids.every((id, at) => at === 0 || ids[at - 1] < id), 'INVALID_ARGUMENT');
  ensure(sodium().crypto_sign_verify_detached(hex(v.signature), form, hex(v['public-key'])),
    'PERMISSION_DENIED');
  const text = (bytes) => bytes.toString('hex');
  return {chapter: text(chapter), incarnation: text(incarnation), act: text(act), kind: '1',
    proposer: text(proposer), created: String(created.readBigUInt64LE()),
    expires: String(expires.readBigUInt64LE()), below: String(content.readUInt32LE(1)),
    destroyed: ids.join(' ')};
}

module.exports = {act: readAct, invite: readInvite, remember: readRemembered,
  'device-key': readKey, profile: readProfile};
