#include "tests/core/directory/directory_fixture.h"

#include "crypto/keyed_hash.h"
#include "server/core/waiter.h"
#include "text/normalise.h"
#include "text/tags.h"

namespace sodality::core {
namespace {

ChapterInfo TestInfo() {
  ChapterInfo info;
  info.id.bytes = {7, 7};
  info.name = "Test";
  return info;
}

std::shared_ptr<Keys> TestKeys(const ChapterInfo& info, uint8_t bits) {
  return std::make_shared<Keys>(
      crypto::Keyring::Create({.chapter_id = info.id.bytes,
                               .index = {text::kNormaliserVersion, bits, bits},
                               .now = {}},
                              crypto::SystemRandom()));
}

crypto::SubKey SuppressionSubKey(const crypto::Keyring& keyring) {
  return crypto::DeriveSubKey(keyring.Active<crypto::SuppressionKey>()->key,
                              crypto::AssociatedData("test/suppression"));
}

}  // namespace

TestChapter::TestChapter(uint8_t bits)
    : info(TestInfo()),
      schema(*Schema::Parse(Schema::DefaultToml(), "schema.toml")),
      keys(TestKeys(info, bits)),
      index(*SearchIndex::Create(schema, *keys->Current())),
      suppressions(SuppressionSubKey(*keys->Current())),
      tombstones(*Tombstones::Open(
          {scratch / kTombstoneFileName, platform::PosixFileSystem(), clock,
           crypto::SystemRandom()},
          *keys->Current())),
      parts{info,      schema, clock,        crypto::SystemRandom(),
            keys,      index,  store,        ledger,
            committer, access, suppressions, *tombstones},
      directory(parts) {
  ledger.SetAuthority(*this);
  owner = MakeCaller(Role::kAdmin);
  Give(owner, {.role = Role::kAdmin});
}

TestChapter::~TestChapter() = default;

absl::StatusOr<Budget> TestChapter::CheckRelease(const EntryDraft& draft,
                                                 Timestamp now) {
  return access.CheckRelease(draft.actor, draft.device, draft.grant, now);
}

Caller TestChapter::MakeCaller(Role role, std::optional<MemberId> member) {
  Principal principal;
  principal.id.bytes = crypto::RandomId(crypto::SystemRandom());
  principal.name = "somebody";
  principal.role = role;
  principal.member = member;
  Device device;
  device.id.bytes = crypto::RandomId(crypto::SystemRandom());
  device.principal = principal.id;
  const Timestamp expires = clock.Now() + std::chrono::hours(24 * 90);
  device.certificates = {{{}, expires}};
  crypto::SystemRandom().Fill(device.certificates.front().fingerprint);
  access.Put(principal);
  access.Put(device);
  return {principal.id, device.id, role, principal.name, member, expires};
}

GrantId TestChapter::Give(const Caller& caller, const GrantSpec& spec) {
  Grant grant;
  grant.id.bytes = crypto::RandomId(crypto::SystemRandom());
  grant.version = 1;
  grant.principal = caller.principal;
  grant.role = spec.role;
  for (const auto& [field, value] : spec.scopes) {
    grant.scopes.push_back(
        {schema.Find(field)->id, value, text::NormaliseTag(value)});
  }
  grant.classes = spec.classes;
  grant.purpose = "a test";
  grant.created = clock.Now();
  grant.not_after = clock.Now() + std::chrono::hours(24 * 30);
  grant.budget = spec.budget;
  access.Put(grant);
  return grant.id;
}

void TestChapter::End(const GrantId& id) {
  Grant grant = *access.FindGrant(id);
  grant.revoked = true;
  ++grant.version;
  access.Put(grant);
}

RequestId TestChapter::NewRequest() {
  return {crypto::RandomId(crypto::SystemRandom())};
}

MemberId TestChapter::Add(const Cells& cells) {
  const auto added =
      directory.Create(owner, {Inputs(cells), std::nullopt, NewRequest()});
  EXPECT_TRUE(added.ok()) << added.status();
  return added.ok() ? added->id : MemberId{};
}

absl::StatusOr<ProjectedMember> TestChapter::Get(const Caller& caller,
                                                 GetQuery query) {
  Waiter<ProjectedMember> waiter;
  directory.Get(caller, std::move(query),
                [&](absl::StatusOr<ProjectedMember> member) {
                  waiter.Set(std::move(member));
                });
  return waiter.Wait();
}

absl::StatusOr<SearchResult> TestChapter::Search(const Caller& caller,
                                                 SearchQuery query) {
  Waiter<SearchResult> waiter;
  directory.Search(caller, std::move(query),
                   [&](absl::StatusOr<SearchResult> result) {
                     waiter.Set(std::move(result));
                   });
  return waiter.Wait();
}

std::vector<MemberId> DirectoryFixture::Found(SearchQuery query) {
  query.page_size = 100;
  const auto result = chapter_.Search(coordinator_, std::move(query));
  EXPECT_TRUE(result.ok()) << result.status();
  std::vector<MemberId> ids;
  if (!result.ok()) return ids;
  for (const ProjectedMember& member : result->members) {
    ids.push_back(member.id);
  }
  return ids;
}

}  // namespace sodality::core
