// Ids, writes and waiting for tests of a store.
#ifndef SODALITY_TESTS_STORE_SAMPLE_H_
#define SODALITY_TESTS_STORE_SAMPLE_H_

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/mutex.h"
#include "server/store/member_store.h"

namespace sodality::store {

// Distinct ids in no order of `number`.
template <class AnyId>
AnyId IdOf(uint32_t number) {
  AnyId id;
  uint64_t state = number * 0x9e3779b97f4a7c15u + 1;
  for (uint8_t& byte : id.bytes) {
    state ^= state >> 29;
    state *= 0xbf58476d1ce4e5b9u;
    byte = static_cast<uint8_t>(state >> 56);
  }
  return id;
}
inline MemberId MemberOf(uint32_t number) { return IdOf<MemberId>(number); }

Bytes BytesOf(std::string_view text);

// Token number `bits` of slot 1, version 1.
inline IndexToken TokenOf(uint32_t bits) { return {1, 1, bits}; }

PutMember PutOf(uint32_t number, uint64_t expected,
                std::initializer_list<uint32_t> tokens = {});
// One member and a ledger entry.
Write WriteOf(PutMember put);
Write WriteOf(EraseMember erase);
// Nothing but a ledger entry.
Write EmptyWrite();

// Counts down as writes are answered.
class Answers {
 public:
  explicit Answers(size_t count) : missing_(count), all_(count, kNone) {}
  // For the write of this number.
  WriteDone For(size_t number);
  // Waits for all, in the order of their numbers.
  std::vector<absl::StatusOr<Revision>> Wait();
  // Numbers in the order of answering; after Wait.
  std::vector<size_t> order();

 private:
  static const absl::StatusOr<Revision> kNone;

  platform::Mutex mutex_;
  platform::CondVar answered_;
  size_t missing_ SODALITY_GUARDED_BY(mutex_);
  std::vector<absl::StatusOr<Revision>> all_ SODALITY_GUARDED_BY(mutex_);
  std::vector<size_t> order_ SODALITY_GUARDED_BY(mutex_);
};

// Submits and waits.
absl::StatusOr<Revision> Apply(MemberStore& store, Write write);

}  // namespace sodality::store

#endif  // SODALITY_TESTS_STORE_SAMPLE_H_
