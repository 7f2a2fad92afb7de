// One seeded history: random acts on a chapter and on its model, side by side.
// The acts are in history_*.cc by what they are about. Read next:
// directory_model.h.
#ifndef SODALITY_TESTS_MODEL_HISTORY_H_
#define SODALITY_TESTS_MODEL_HISTORY_H_

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/chapter/chapter_world.h"
#include "tests/crypto/seeded_random.h"
#include "tests/model/directory_model.h"

namespace sodality::model {

// Every answer must equal the model's, and so must what it leaves in the
// ledger. Reports the first difference as a failure of the test.
class History final {
 public:
  explicit History(uint64_t seed);

  // Until the end or the first difference.
  void Run(int steps);
  // The last acts, the newest at the end.
  [[nodiscard]] std::string Tail() const;

 private:
  using Call = std::function<absl::Status()>;
  struct Asked {
    As as;
    Question question;
    std::string token;
    GrantId grant;
    uint64_t version = 0;
    int process = 0;
    Timestamp expires;
  };

  void SetUp();
  void Step();
  void Note(const std::string& act);
  // One act at random; false: nothing to do it with.
  void Get();
  void Search();
  void NextPage();
  void Create();
  void Update();
  void Erase();
  void Push();
  void GiveGrant();
  void RevokeGrant();
  void RevokeDevice();
  void Suspend();
  void Rejoin();
  void Renew();
  void Lists();
  void Wait();
  void Restart();
  void KillDuringAnAct();
  void BeginRotation();
  void GoOnWithRotation();
  void GoOnWithCopy();

  // Draws.
  size_t Below(size_t n);
  bool Chance(size_t percent) { return Below(100) < percent; }
  template <class C>
  const auto& AnyOf(const C& choices) {
    return *std::next(choices.begin(),
                      static_cast<std::ptrdiff_t>(Below(choices.size())));
  }
  As AnybodyThroughAGrant();
  PrincipalId Somebody();
  MemberId SomeMember();
  std::string SomeGivenName();
  std::string SomeRegion();
  std::string SomeExternalId();
  Fields SomeFields(bool new_member);
  Question SomeQuestion();

  // Nobody, when they may not connect; then the model agrees.
  std::optional<core::Caller> CallerOf(const PrincipalId& who);
  void Expect(const Verdict& expected, const absl::Status& real);
  // The call again, under the same request id: the same answer, and no entry.
  void Again(const Call& call);
  void Ask(const As& as, Question question, const std::string& token);
  void AdoptNew(const std::vector<Fields>& rows);
  void Remember(const core::Caller& caller);
  void CheckEntries();
  void CheckBudgets();
  void CheckList(const core::EntryQuery& query, const std::vector<size_t>& all);
  void Reopen();

  std::mt19937_64 random_;
  crypto::SeededRandom ids_;
  core::ChapterWorld world_;
  DirectoryModel model_;
  std::map<PrincipalId, core::Fingerprint> certificates_;
  PrincipalId ada_;
  GrantId ada_grant_;
  std::vector<MemberId> known_;  // Erased ones too.
  std::map<MemberId, store::LedgerTag> tags_;
  std::optional<Asked> asked_;
  std::optional<core::RotationWork> rotating_;
  // Who was there when it began, and of which revision.
  std::map<MemberId, uint64_t> stale_;
  int process_ = 0;     // How many there have been.
  size_t checked_ = 0;  // Entries compared.
  core::Hash leaf_{};   // Of the last of them.
  size_t before_ = 0;   // Entries before the first of the model.
  std::deque<std::string> acts_;
};

}  // namespace sodality::model

#endif  // SODALITY_TESTS_MODEL_HISTORY_H_
