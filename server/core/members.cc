#include "server/core/members.h"

#include <utility>

#include "server/core/error.h"
#include "server/core/scope.h"

namespace sodality::core {
namespace {

// Few false matches are expected of an exact token.
constexpr size_t kExactChunk = 32;

absl::StatusOr<bool> Holds(OpenedMember& member, const FieldSpec& spec,
                           std::string_view compared_form) {
  const auto values = member.Value(spec.id);
  if (!values.ok()) return values.status();
  if (*values == nullptr) return false;
  for (const std::string_view value : (*values)->views()) {
    if (ComparedForm(spec, value) == compared_form) return true;
  }
  return false;
}

}  // namespace

Members::Members(store::MemberStore& store,
                 std::unique_ptr<const Sealer> sealer,
                 std::unique_ptr<Decoy> decoy)
    : store_(&store), sealer_(std::move(sealer)), decoy_(std::move(decoy)) {}

absl::StatusOr<Members> Members::Create(const DirectoryParts& parts) {
  auto sealer = std::make_unique<const Sealer>(parts.info.id, parts.keys,
                                               parts.index, parts.random);
  auto decoy = Decoy::Create(parts, *sealer);
  if (!decoy.ok()) return decoy.status();
  return Members(parts.store, std::move(sealer), *std::move(decoy));
}

absl::StatusOr<std::optional<OpenedMember>> Members::Find(
    const MemberId& id, const Grant* grant) const {
  if (auto recalled = store_->Recall(id)) {
    auto member = OpenInScope(*std::move(recalled), grant);
    if (!member.ok() || *member) return member;
    // Who is absent costs a read: so must who is not in scope.
    const auto read = store_->Get(id);
    if (!read.ok() && !absl::IsNotFound(read.status())) {
      return FromStore(read.status());
    }
    return std::optional<OpenedMember>();
  }
  auto record = store_->Get(id);
  const bool absent = absl::IsNotFound(record.status());
  if (!record.ok() && !absent) return FromStore(record.status());
  if (absent) record = decoy_->Record();
  if (!record.ok()) return record.status();
  auto member = OpenInScope(*std::move(record), grant);
  if (absent && member.ok()) return std::optional<OpenedMember>();
  return member;
}

absl::StatusOr<std::optional<OpenedMember>> Members::OpenInScope(
    store::MemberRecord record, const Grant* grant) const {
  auto opened = sealer_->Open(std::move(record));
  if (!opened.ok()) return opened.status();
  const auto in_scope = grant == nullptr ? true : InScope(*grant, *opened);
  if (!in_scope.ok()) return in_scope.status();
  if (!*in_scope) return std::optional<OpenedMember>();
  return std::optional<OpenedMember>(*std::move(opened));
}

absl::StatusOr<std::vector<OpenedMember>> Members::Candidates(
    const store::TokenQuery& query, const std::optional<MemberId>& after,
    size_t limit) const {
  auto records = store_->Find(query, after, limit);
  if (!records.ok()) return FromStore(records.status());
  std::vector<OpenedMember> members;
  members.reserve(records->size());
  for (store::MemberRecord& record : *records) {
    auto opened = sealer_->Open(std::move(record));
    if (!opened.ok()) return opened.status();
    members.push_back(*std::move(opened));
  }
  return members;
}

absl::Status Members::VisitHolders(
    const store::HolderQuery& query,
    const std::function<absl::Status(OpenedMember)>& visit) const {
  absl::Status visited;
  const absl::Status read =
      store_->VisitHolders(query, [&](store::MemberRecord record) {
        auto opened = sealer_->Open(std::move(record));
        visited = opened.ok() ? visit(*std::move(opened)) : opened.status();
        return visited;
      });
  return visited.ok() ? FromStore(read) : visited;
}

absl::StatusOr<std::optional<OpenedMember>> Members::FindByValue(
    const FieldSpec& spec, std::string_view compared_form) const {
  const auto by = index();
  auto tokens = by->Exact(spec, compared_form);
  if (!tokens.ok()) return tokens.status();
  const store::TokenQuery query{{*std::move(tokens)}};
  std::optional<MemberId> after;
  while (true) {
    auto candidates = Candidates(query, after, kExactChunk);
    if (!candidates.ok()) return candidates.status();
    for (OpenedMember& member : *candidates) {
      const auto holds = Holds(member, spec, compared_form);
      if (!holds.ok()) return holds.status();
      if (*holds) return std::optional<OpenedMember>(std::move(member));
    }
    if (candidates->size() < kExactChunk) return std::optional<OpenedMember>();
    after = candidates->back().id();
  }
}

}  // namespace sodality::core
