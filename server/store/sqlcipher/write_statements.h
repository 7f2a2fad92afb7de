// The SQL of a write. Read next: writer.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_WRITE_STATEMENTS_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_WRITE_STATEMENTS_H_

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/member_store.h"
#include "server/store/sqlcipher/packing.h"
#include "server/store/sqlcipher/token_statements.h"
#include "server/store/sqlcipher/wrap_statements.h"
#include "sqlcipher/connection.h"

namespace sodality::store {

// What a write did, for the digest and the counts; the writer adds these up
// over the writes of a group that succeeded.
struct WriteEffects {
  std::vector<RowChange> changes;
  WrapCounts members_by_wrap_version;

  void Append(const WriteEffects& later);
};

// Prepared on the writer's connection, which outlives them and in whose
// transaction each call runs. Errors: as MemberStore::Submit; what a failed
// call has done is undone by the caller's savepoint.
class WriteStatements {
 public:
  static absl::StatusOr<WriteStatements> Prepare(
      sqlcipher::Connection& connection);

  // `before`: what the group's writes before it did.
  absl::StatusOr<WriteEffects> Apply(const Write& write, Revision revision,
                                     const WriteEffects& before);
  absl::Status CountMembers(const WriteEffects& effects);
  absl::Status PutState(Revision revision, std::span<const uint8_t> digest);
  absl::Status PutRevision(Revision revision);
  // Versions that were retired through `other` are here, too.
  void RefuseAs(const WriteStatements& other) {
    wraps_.RefuseAs(other.wraps_);
    tokens_.RefuseAs(other.tokens_);
  }

 private:
  struct Stored {
    uint64_t revision = 0;  // 0: absent.
    uint32_t wrap_version = 0;
    TokenKeys tokens;
  };
  struct Pending {
    Revision revision = 0;
    WriteEffects effects;
    TokenChanges tokens;
  };

  WriteStatements(std::vector<sqlcipher::Statement> statements,
                  WrapStatements wraps, TokenStatements tokens)
      : statements_(std::move(statements)),
        wraps_(std::move(wraps)),
        tokens_(std::move(tokens)) {}

  absl::StatusOr<Stored> FindMember(const MemberId& id, uint64_t expected);
  absl::Status Put(const PutMember& put, Pending& pending);
  absl::Status Erase(const EraseMember& erase, Pending& pending);
  absl::StatusOr<uint64_t> FindRow(AccessTable table, const IdBytes& id);
  absl::Status Put(const PutAccessRow& put, Pending& pending);
  absl::Status Erase(const EraseAccessRow& erase, Pending& pending);
  absl::Status Put(const PutRequest& request);

  std::vector<sqlcipher::Statement> statements_;
  WrapStatements wraps_;
  TokenStatements tokens_;
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_WRITE_STATEMENTS_H_
