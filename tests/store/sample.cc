#include "tests/store/sample.h"

#include <utility>

namespace sodality::store {

const absl::StatusOr<Revision> Answers::kNone =
    absl::UnknownError("not answered");

Bytes BytesOf(std::string_view text) { return Bytes(text.begin(), text.end()); }

PutMember PutOf(uint32_t number, uint64_t expected,
                std::initializer_list<uint32_t> tokens) {
  PutMember put;
  put.id = MemberOf(number);
  put.expected = expected;
  put.wrap_version = 1;
  put.sealed = BytesOf("sealed " + std::to_string(number) + " at " +
                       std::to_string(expected + 1));
  for (const uint32_t token : tokens) put.tokens.push_back(TokenOf(token));
  return put;
}

Write EmptyWrite() {
  Write write;
  write.outbox = BytesOf("entry");
  return write;
}

Write WriteOf(PutMember put) {
  Write write = EmptyWrite();
  write.put_members.push_back(std::move(put));
  return write;
}

Write WriteOf(EraseMember erase) {
  Write write = EmptyWrite();
  write.erase_members.push_back(erase);
  return write;
}

WriteDone Answers::For(size_t number) {
  return [this, number](absl::StatusOr<Revision> answer) {
    const platform::MutexLock lock(mutex_);
    all_[number] = std::move(answer);
    order_.push_back(number);
    // Under the lock: the waiter may destroy this as soon as it is released.
    if (--missing_ == 0) answered_.NotifyAll();
  };
}

std::vector<absl::StatusOr<Revision>> Answers::Wait() {
  const platform::MutexLock lock(mutex_);
  while (missing_ != 0) answered_.Wait(mutex_);
  return all_;
}

std::vector<size_t> Answers::order() {
  const platform::MutexLock lock(mutex_);
  return order_;
}

absl::StatusOr<Revision> Apply(MemberStore& store, Write write) {
  Answers answers(1);
  store.Submit(std::move(write), answers.For(0));
  return answers.Wait()[0];
}

}  // namespace sodality::store
