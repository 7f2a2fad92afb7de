// One read-only connection with its statements. Read next: reader_pool.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_READER_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/store/member_store.h"
#include "server/store/sqlcipher/holders.h"
#include "sqlcipher/connection.h"

namespace sodality::store {

// The reads of MemberStore; errors are those named there. Thread safety: none;
// ReaderPool lends it to one thread at a time.
class Reader {
 public:
  static absl::StatusOr<std::unique_ptr<Reader>> Open(
      const sqlcipher::OpenOptions& options);

  absl::StatusOr<MemberRecord> Get(const MemberId& id);
  absl::StatusOr<std::vector<MemberRecord>> Find(
      const TokenQuery& query, const std::optional<MemberId>& after,
      size_t limit);
  absl::Status VisitHolders(const HolderQuery& query,
                            const MemberVisitor& visit);
  absl::StatusOr<std::vector<std::pair<MemberId, uint64_t>>> ListMembers(
      const std::optional<MemberId>& after, size_t limit);
  absl::StatusOr<std::vector<AccessRow>> ReadAccessRows();
  absl::StatusOr<Bytes> ReadDigest();
  absl::StatusOr<Bytes> FindRequest(const RequestKey& key);
  absl::StatusOr<Revision> LastRevision();
  absl::StatusOr<StoreCounts> Counts();
  absl::StatusOr<std::vector<OutboxRow>> ReadOutbox();
  absl::StatusOr<uint64_t> LedgerIndexedThrough();
  absl::StatusOr<std::vector<uint64_t>> FindLedgerEntries(const LedgerTag& tag,
                                                          uint64_t before,
                                                          size_t limit);

 private:
  Reader(sqlcipher::Connection connection,
         std::vector<sqlcipher::Statement> statements, HolderKeys holders);

  absl::StatusOr<MemberRecord> ReadMember(int64_t key);
  // DATA_LOSS when the member is absent.
  absl::StatusOr<MemberRecord> ReadIndexed(int64_t key);
  absl::StatusOr<std::vector<MemberRecord>> FindAll(
      const std::optional<MemberId>& after, size_t limit);
  absl::StatusOr<std::vector<MemberRecord>> FindByTokens(
      const TokenQuery& query, const std::optional<MemberId>& after,
      size_t limit);
  absl::Status AppendEntries(const LedgerTag& tag, uint64_t below, size_t limit,
                             std::vector<uint64_t>& entries);

  sqlcipher::Connection connection_;
  // Gone before connection_.
  std::vector<sqlcipher::Statement> statements_;
  HolderKeys holders_;
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_READER_H_
