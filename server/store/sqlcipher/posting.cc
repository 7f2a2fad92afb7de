#include "server/store/sqlcipher/posting.h"

#include <algorithm>

#include "server/store/sqlcipher/packing.h"

namespace sodality::store {
namespace {

// An exact token has a handful of members; a word's list is read on in larger
// runs only while it is walked, not while it is leapt over.
constexpr size_t kFirstRun = 32;
constexpr size_t kLongestRun = 512;

using Next = absl::StatusOr<std::optional<int64_t>>;

}  // namespace

absl::Status TokenMembers::ReadRun(int64_t from) {
  const bool walked = !members_.empty() && from == members_.back() + 1;
  run_rows_ = walked ? std::min(run_rows_ * 4, kLongestRun) : kFirstRun;
  members_.clear();
  at_ = 0;
  run_->Bind(1, token_).Bind(2, from).Bind(3, uint64_t{run_rows_});
  while (true) {
    const absl::StatusOr<bool> row = run_->Step();
    if (!row.ok()) return row.status();
    if (!*row) break;
    members_.push_back(run_->Int(0));
  }
  ended_ = members_.size() < run_rows_;
  return absl::OkStatus();
}

Next TokenMembers::Seek(int64_t from) {
  const auto behind = [&] {
    return std::lower_bound(members_.begin() + static_cast<ptrdiff_t>(at_),
                            members_.end(), from);
  };
  auto found = behind();
  if (found == members_.end() && !ended_) {
    const absl::Status read = ReadRun(from);
    if (!read.ok()) return read;
    found = behind();
  }
  at_ = static_cast<size_t>(found - members_.begin());
  return found == members_.end() ? std::nullopt
                                 : std::optional<int64_t>(*found);
}

GroupMembers::GroupMembers(sqlcipher::Statement& run,
                           const std::vector<IndexToken>& group) {
  tokens_.reserve(group.size());
  for (const IndexToken& token : group) {
    tokens_.emplace_back(run, PackToken(token));
  }
}

Next GroupMembers::Seek(int64_t from) {
  std::optional<int64_t> least;
  for (TokenMembers& token : tokens_) {
    const Next next = token.Seek(from);
    if (!next.ok()) return next.status();
    if (*next && (!least || **next < *least)) least = *next;
  }
  return least;
}

QueryMembers::QueryMembers(sqlcipher::Statement& run, const TokenQuery& query) {
  groups_.reserve(query.all_of.size());
  for (const std::vector<IndexToken>& group : query.all_of) {
    groups_.emplace_back(run, group);
  }
}

Next QueryMembers::Seek(int64_t from) {
  int64_t candidate = from;
  size_t agreed = 0;
  for (size_t i = 0; agreed < groups_.size(); i = (i + 1) % groups_.size()) {
    const Next next = groups_[i].Seek(candidate);
    if (!next.ok()) return next.status();
    if (!*next) return std::optional<int64_t>();
    agreed = **next == candidate ? agreed + 1 : 1;
    candidate = **next;
  }
  return std::optional<int64_t>(candidate);
}

}  // namespace sodality::store
