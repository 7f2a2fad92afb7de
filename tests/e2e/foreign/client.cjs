// A client in JavaScript that knows the protos and docs/formats-pki.md alone.
//   client.cjs PROTO enrol FOLDER ADDRESS
//   client.cjs PROTO ask FOLDER ADDRESS    a question in JSON on standard input
// See foreign_test.py for the folder, the questions and the answers.
'use strict';
const fs = require('fs');
const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [proto, step, folder, address] = process.argv.slice(2);
const read = (name) => fs.readFileSync(path.join(folder, name));

const options = {includeDirs: [proto], longs: Number, oneofs: true};
const files = ['directory', 'enrollment', 'errors']
  .map((name) => path.join('sodality', 'v1', `${name}.proto`));
const definition = loader.loadSync(files, options);
const {v1} = grpc.loadPackageDefinition(definition).sodality;
const detailOf = (bytes) =>
  definition['sodality.v1.ErrorDetail'].deserialize(bytes);

function connect(Service, serverName, ca, key, certificate) {
  return new Service(address, grpc.credentials.createSsl(ca, key, certificate), {
    'grpc.ssl_target_name_override': serverName,
    'grpc.default_authority': serverName,
  });
}

function call(client, method, request) {
  const deadline = new Date(Date.now() + 20000);
  return new Promise((resolve, reject) => client[method](request, {deadline},
    (error, response) => (error ? reject(error) : resolve(response))));
}

async function enrol() {
  const invite = read('invite').toString();
  const [ca, certificate] = invite.match(
    /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/g);
  const [key] = invite.match(/-----BEGIN PRIVATE KEY-----[^]*?-----END .*\n/);
  const [, serverName] = invite.match(/^server-name: (.*)$/m);
  const client = connect(v1.EnrollmentService, serverName, Buffer.from(ca),
    Buffer.from(key), Buffer.from(certificate));
  const response = await call(client, 'Redeem',
    {certificateRequest: read('device.csr')});
  client.close();
  fs.writeFileSync(path.join(folder, 'ca.pem'), response.caCertificate);
  fs.writeFileSync(path.join(folder, 'device.pem'), response.certificate);
  fs.writeFileSync(path.join(folder, 'server-name'), serverName);
  return {principal: response.principalName, role: response.role};
}

const fieldsOf = (member) => Object.fromEntries(
  member.fields.map(({name, values}) => [name, values]));

async function refusalOf(client, memberId) {
  try {
    await call(client, 'GetMember', {memberId});
  } catch (error) {
    const [bytes] = error.metadata.get('grpc-status-details-bin');
    return {code: grpc.status[error.code], reason: detailOf(bytes).reason};
  }
  throw new Error('an unknown id was answered');
}

// One message with all queries; ends when the server has answered them.
function lookUp(client, queries) {
  const stream = client.Lookup({deadline: new Date(Date.now() + 20000)});
  const answers = {};
  return new Promise((resolve, reject) => {
    stream.on('data', (message) => {
      for (const {tag, get, search, error} of message.answers) {
        answers[tag] = error ? {code: grpc.status[error.code]} :
          {fields: (get ? [get.member] : search.members).map(fieldsOf)};
      }
    });
    stream.on('error', reject);
    stream.on('end', () => resolve(answers));
    stream.write({queries});
    stream.end();
  });
}

async function ask() {
  const question = JSON.parse(fs.readFileSync(0));
  const client = connect(v1.DirectoryService, read('server-name').toString(),
    read('ca.pem'), read('device.key'), read('device.pem'));
  const {members} = await call(client, 'SearchMembers',
    {words: [question.word], view: {reveal: true}});
  const ids = members.map((member) => member.id);
  const refused = await refusalOf(client, question.unknown);
  const view = {reveal: true, fields: ['email']};
  const answers = await lookUp(client, [
    {tag: 1, get: {memberId: ids[0], view}},
    {tag: 2, get: {memberId: question.unknown, view}},
    {tag: 3, search: {words: [question.word], view}}]);
  client.close();
  return {members: members.map(fieldsOf), refused, answers};
}

(step === 'enrol' ? enrol() : ask()).then(
  (answer) => console.log(JSON.stringify(answer)),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
