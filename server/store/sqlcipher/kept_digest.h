// The digest row as it was last sealed, for a second database that is to have
// the same. Internal to sqlcipher_store.cc.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_KEPT_DIGEST_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_KEPT_DIGEST_H_

#include <span>

#include "server/store/member_store.h"

namespace sodality::store {

// Thread safety: the writer's thread; Wrap before the first write.
class KeptDigest final : public DigestSealer {
 public:
  void Wrap(DigestSealer& sealer) { sealer_ = &sealer; }
  [[nodiscard]] bool wraps() const { return sealer_ != nullptr; }
  // Gives what this last sealed.
  DigestSealer& again() { return again_; }

  absl::StatusOr<Bytes> SealAfter(std::span<const RowChange> changes,
                                  Revision revision) override {
    auto sealed = sealer_->SealAfter(changes, revision);
    if (sealed.ok()) last_ = *sealed;
    return sealed;
  }
  void Resolve(bool committed) override { sealer_->Resolve(committed); }

 private:
  class Again final : public DigestSealer {
   public:
    explicit Again(const Bytes& last) : last_(last) {}
    absl::StatusOr<Bytes> SealAfter(std::span<const RowChange> /*changes*/,
                                    Revision /*revision*/) override {
      return last_;
    }
    void Resolve(bool /*committed*/) override {}

   private:
    const Bytes& last_;
  };

  DigestSealer* sealer_ = nullptr;
  Bytes last_;
  Again again_{last_};
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_KEPT_DIGEST_H_
