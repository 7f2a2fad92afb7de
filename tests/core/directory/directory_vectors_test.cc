// The formats of docs/formats-directory.md, access rows and the digest row on
// the files of tests/vectors, which a second implementation of the pages made.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "crypto/keyed_hash.h"
#include "crypto/keyring_codec.h"
#include "crypto/random.h"
#include "platform/clock.h"
#include "server/core/access/codec.h"
#include "server/core/page_token.h"
#include "server/core/request_log.h"
#include "server/core/store_digest.h"
#include "server/core/suppression.h"
#include "server/core/values.h"
#include "server/core/waiter.h"
#include "server/store/memory/memory_store.h"
#include "tests/crypto/hex.h"
#include "tests/vectors/format_suite.h"

namespace sodality::core {
namespace {

using crypto::ArrayFromHex;
using crypto::FromHex;
using crypto::ToHex;
using vectors::Format;
using vectors::FormatTest;
using vectors::NameOf;
using vectors::Number;
using vectors::Values;
using vectors::Vector;

// Each keyring is opened once, and not again for every bit that is flipped.
const crypto::Keyring& KeyringOf(const Vector& vector) {
  static std::map<std::string, crypto::Keyring> opened;
  const std::string& plain = vector.at("plain");
  const auto found = opened.find(plain);
  if (found != opened.end()) return found->second;
  return opened
      .emplace(plain, crypto::KeyringCodec::Decode(FromHex(plain)).value())
      .first->second;
}

std::vector<std::string> WordsOf(const Vector& vector,
                                 const std::string& name) {
  return absl::StrSplit(vector.at(name), ' ', absl::SkipEmpty());
}

absl::StatusOr<Values> RunValue(const Vector& vector) {
  const auto encoded = FromHex(vector.at("encoded"));
  const auto list = ValueList::Decode(crypto::Plaintext::CopyOf(encoded));
  if (!list.ok()) return list.status();
  Values values;
  for (const std::string_view value : list->views()) {
    values["value-" + std::to_string(values.size() + 1)] = std::string(value);
  }
  const auto again = ValueList::Encode(list->views());
  EXPECT_TRUE(again == *list);
  return values;
}

// A store that holds one remembered request.
absl::Status Remember(store::MemberStore& store, const Vector& vector) {
  store::Write write;
  write.request = store::PutRequest{
      {ArrayFromHex<16>(vector.at("row"))}, {}, FromHex(vector.at("sealed"))};
  write.outbox = {1};
  Waiter<store::Revision> waiter;
  store.Submit(std::move(write), [&](absl::StatusOr<store::Revision> revision) {
    waiter.Set(revision);
  });
  return waiter.Wait().status();
}

absl::StatusOr<Values> RunRequest(const Vector& vector) {
  const platform::FakeClock clock{Timestamp{}};
  const auto log =
      RequestLog::Create(KeyringOf(vector), clock, crypto::SystemRandom());
  store::MemoryStore store;
  if (auto s = Remember(store, vector); !s.ok()) return s;
  const Act act{{ArrayFromHex<16>(vector.at("principal"))},
                {ArrayFromHex<16>(vector.at("request"))},
                log->Digest(vector.at("act"))
                    .AddText(vector.at("text-1"))
                    .AddNumber(Number(vector, "number-2"))
                    .AddText(vector.at("text-3"))
                    .Finish()};
  const auto found = log->Find(store, act);
  if (!found.ok()) return found.status();
  if (!*found) return absl::NotFoundError("under another key");
  return Values{
      {"content", ToHex(act.content)},
      {"answer", ToHex((*found)->Expose(crypto::AllowSecretAccess()))}};
}

// Gives the bytes of a vector, where a program draws them.
class ScriptedRandom final : public crypto::Random {
 public:
  explicit ScriptedRandom(std::vector<uint8_t> bytes)
      : bytes_(std::move(bytes)) {}
  void Fill(std::span<uint8_t> out) override {
    ASSERT_LE(at_ + out.size(), bytes_.size());
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), out.size(),
                out.begin());
    at_ += out.size();
  }

 private:
  const std::vector<uint8_t> bytes_;
  size_t at_ = 0;
};

SearchQuery QueryOf(const Vector& vector) {
  SearchQuery query;
  for (const std::string& word : WordsOf(vector, "words")) {
    query.words.push_back(crypto::SecretText(word));
  }
  for (const std::string& filter : WordsOf(vector, "filters")) {
    const size_t equals = filter.find('=');
    query.filters.push_back({filter.substr(0, equals),
                             crypto::SecretText(filter.substr(equals + 1))});
  }
  query.view.reveal = vector.at("reveal") == "1";
  query.view.fields = WordsOf(vector, "fields");
  query.country = vector.at("country");
  return query;
}

absl::StatusOr<Values> RunPage(const Vector& vector) {
  const platform::FakeClock clock{
      Timestamp{static_cast<int64_t>(Number(vector, "now"))}};
  ScriptedRandom random(FromHex(vector.at("question-key") +
                                vector.at("page-key") + vector.at("nonce")));
  const PageTokens tokens(clock, random);
  const SearchQuery query = QueryOf(vector);
  const PageOwner owner{
      {ArrayFromHex<16>(vector.at("principal"))},
      {{ArrayFromHex<16>(vector.at("grant"))}, Number(vector, "grant-version")},
      query};
  const auto after = tokens.Open(owner, vector.at("token"));
  if (!after.ok()) return after.status();
  return Values{{"after", ToHex(after->bytes)}};
}

absl::StatusOr<Values> RunSuppression(const Vector& vector) {
  const crypto::Keyring& keyring = KeyringOf(vector);
  const auto key = keyring.Active<crypto::SuppressionKey>();
  const SuppressionList list(crypto::DeriveSubKey(
      key->key, crypto::AssociatedData("sodality/suppression/1")));
  if (vector.contains("member")) {
    const MemberId member{ArrayFromHex<16>(vector.at("member"))};
    return Values{{"row", ToHex(list.RowId(member))}};
  }
  if (!vector.contains("contact")) {
    return Values{{"row", ToHex(list.RowId(vector.at("external-id")))}};
  }
  const Contact contact{vector.at("kind") == "email" ? Contact::Kind::kEmail
                                                     : Contact::Kind::kPhone,
                        vector.at("contact")};
  return Values{{"row", ToHex(list.RowId(contact))},
                {"name-row", ToHex(list.RowId(contact, vector.at("word")))}};
}

absl::StatusOr<Values> RunAccessRow(const Vector& vector) {
  const crypto::Keyring& keyring = KeyringOf(vector);
  const crypto::RowSealer sealer(keyring.chapter_id(),
                                 *keyring.Active<crypto::StateKey>());
  const auto fact =
      OpenFact({static_cast<store::AccessTable>(Number(vector, "table")),
                ArrayFromHex<16>(vector.at("row")),
                Number(vector, "row-version"), FromHex(vector.at("sealed"))},
               sealer);
  if (!fact.ok()) return fact.status();
  return Values{{"content",
                 ToHex(EncodeFact(*fact).Expose(crypto::AllowSecretAccess()))}};
}

absl::StatusOr<Values> RunDigestRow(const Vector& vector) {
  const crypto::Keyring& keyring = KeyringOf(vector);
  auto digest = StoreDigest::Create(
      keyring, crypto::SystemRandom(), [] { return Head{}; },
      [] { return uint64_t{0}; });
  if (auto s = (*digest)->Load(FromHex(vector.at("sealed")),
                               Number(vector, "revision"));
      !s.ok()) {
    return s;
  }
  const DigestFacts facts = (*digest)->facts();
  const bool first = facts.keyring_generation == 0;
  // As many as the vector has: the last are zeros in an earlier layout.
  std::string tables;
  for (const auto& table : facts.tables) tables += ToHex(table.bytes);
  const size_t length = vector.at("tables").size();
  if (tables.find_first_not_of('0', length) == tables.npos) {
    tables.resize(length);
  }
  Values values{{"revision", std::to_string(facts.revision)},
                {"ledger-number", std::to_string(facts.ledger.number)},
                {"ledger-leaf", ToHex(facts.ledger.leaf)},
                {"ledger-revision", std::to_string(facts.ledger.revision)},
                {"tables", tables}};
  if (!first) {
    values["keyring-generation"] = std::to_string(facts.keyring_generation);
  }
  return values;
}

INSTANTIATE_TEST_SUITE_P(
    Directory, FormatTest,
    testing::Values(Format{.folder = "field-value", .run = RunValue},
                    Format{.folder = "request",
                           .run = RunRequest,
                           .bytes = "sealed",
                           .places = {"row", "principal", "request", "act",
                                      "text-1", "number-2"},
                           .refusals = {absl::StatusCode::kDataLoss,
                                        absl::StatusCode::kFailedPrecondition,
                                        absl::StatusCode::kInvalidArgument,
                                        absl::StatusCode::kNotFound}},
                    Format{.folder = "page-token",
                           .run = RunPage,
                           .bytes = "token",
                           .text = true,
                           .places = {"question-key", "page-key", "principal",
                                      "grant", "grant-version", "words",
                                      "filters", "reveal", "fields", "country"},
                           .refusals = {absl::StatusCode::kInvalidArgument}},
                    Format{.folder = "suppression", .run = RunSuppression},
                    Format{.folder = "access-row",
                           .run = RunAccessRow,
                           .bytes = "sealed",
                           .places = {"table", "row", "row-version"}},
                    Format{.folder = "digest-row",
                           .run = RunDigestRow,
                           .bytes = "sealed",
                           .places = {"revision"}}),
    NameOf);

// Byte for byte what the other implementation writes.
TEST(PageTokenVectorTest, WeWriteTheSameToken) {
  const auto vector =
      vectors::ReadVector(SODALITY_VECTORS "/page-token/ok.txt");
  const platform::FakeClock clock{
      Timestamp{static_cast<int64_t>(Number(vector, "now"))}};
  ScriptedRandom random(FromHex(vector.at("question-key") +
                                vector.at("page-key") + vector.at("nonce")));
  const PageTokens tokens(clock, random);
  const SearchQuery query = QueryOf(vector);
  const PageOwner owner{
      {ArrayFromHex<16>(vector.at("principal"))},
      {{ArrayFromHex<16>(vector.at("grant"))}, Number(vector, "grant-version")},
      query};
  EXPECT_EQ(*tokens.Seal(owner, {ArrayFromHex<16>(vector.at("after"))}),
            vector.at("token"));
}

// The tables of the digest are those of the rows that the vector names.
// Of the layout of that many tables.
void CheckTables(const std::string& name, size_t tables_in_all) {
  const auto vector =
      vectors::ReadVector(SODALITY_VECTORS "/digest-row/" + name);
  const crypto::Keyring& keyring = KeyringOf(vector);
  const auto key = keyring.Active<crypto::StateKey>();
  const crypto::RowDigester digester(key->key);
  std::vector<crypto::DigestAccumulator> sums(tables_in_all);
  for (const char* row : {"row-1", "row-2", "row-3", "row-4", "row-5"}) {
    if (!vector.contains(row)) continue;
    const auto words = WordsOf(vector, row);
    const auto table = static_cast<uint8_t>(std::stoi(words.at(0)));
    sums.at(table).Toggle(digester.Digest(table, ArrayFromHex<16>(words.at(1)),
                                          std::stoull(words.at(2))));
  }
  std::string tables;
  for (const auto& sum : sums) tables += ToHex(sum.bytes);
  EXPECT_EQ(tables, vector.at("tables"));
}

TEST(DigestRowVectorTest, TheTablesAreTheSumOfTheirRows) {
  CheckTables("ok.txt", 7);
  CheckTables("ok_generation.txt", 8);
  CheckTables("ok_incarnation.txt", DigestFacts::kTables);
}

}  // namespace
}  // namespace sodality::core
