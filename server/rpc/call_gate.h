// One wrapper round every handler: admission before it, the mapping of its
// error after it, and nothing thrown past it. Read next:
// checked_stream.h, services.h.
#ifndef SODALITY_SERVER_RPC_CALL_GATE_H_
#define SODALITY_SERVER_RPC_CALL_GATE_H_

#include <google/protobuf/arena.h>
#include <grpcpp/grpcpp.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/secret.h"
#include "server/rpc/admission.h"
#include "server/rpc/status.h"

namespace sodality::rpc {

// Ends an asynchronous call, on any thread; the first time counts.
using Finish = std::function<void(absl::Status)>;

// Thread safety: safe.
class CallGate final {
 public:
  explicit CallGate(Admission& admission, OnDamage on_damage = nullptr)
      : admission_(admission), on_damage_(std::move(on_damage)) {}

  const OnDamage& on_damage() const { return on_damage_; }

  // A handler of the sync API, unary or stream: absl::Status(const Call&).
  template <class Handler>
  grpc::Status Run(const grpc::ServerContext& context, std::string_view method,
                   const Handler& handler) const {
    return crypto::WipingStack(
        [&] {
          return Guarded([&] {
            const auto call = Admit(context, method);
            return call.ok() ? handler(*call) : call.status();
          });
        },
        crypto::kBatchStack);
  }

  // A unary handler of the callback API: void(const Call&, Finish). The call
  // lives until Finish is called. Must not block.
  template <class Handler>
  grpc::ServerUnaryReactor* RunAsync(grpc::CallbackServerContext& context,
                                     std::string_view method,
                                     const Handler& handler) const {
    grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
    auto call = Admit(context, method);
    if (!call.ok()) {
      reactor->Finish(ToGrpcStatus(call.status()));
      return reactor;
    }
    const auto open = std::make_shared<OpenCall>(*std::move(call));
    const Finish finish = [this, open, reactor](const absl::Status& status) {
      if (open->ended.exchange(true)) return;
      ReportDamage(on_damage_, status);
      // Before the answer: after it the server may be gone, and with it what
      // a call refers to, while copies of this function still live.
      open->call.reset();
      reactor->Finish(ToGrpcStatus(status));
    };
    crypto::WipingStack([&] {
      try {
        handler(*open->call, finish);
      } catch (...) {
        finish(HandlerThrew());
      }
    });
    return reactor;
  }

  // A stream of the callback API: Reactor*(Call), which keeps the call.
  template <class Reactor, class Open>
  Reactor* OpenStream(grpc::CallbackServerContext& context,
                      std::string_view method, const Open& open) const {
    absl::Status refused = HandlerThrew();
    try {
      auto call = Admit(context, method);
      if (call.ok()) return open(*std::move(call));
      refused = call.status();
    } catch (...) {  // Stays as it is.
    }
    return new RefusedStream<Reactor>(ToGrpcStatus(refused));
  }

 private:
  template <class Reactor>
  class RefusedStream final : public Reactor {
   public:
    explicit RefusedStream(grpc::Status status) {
      this->Finish(std::move(status));
    }
    void OnDone() override { delete this; }
  };

  struct OpenCall {
    explicit OpenCall(Call made) : call(std::move(made)) {}
    std::optional<Call> call;
    std::atomic<bool> ended = false;
  };

  absl::StatusOr<Call> Admit(const grpc::ServerContextBase& context,
                             std::string_view method) const;
  static absl::Status HandlerThrew() {
    return absl::InternalError("a handler threw");
  }

  template <class Body>
  grpc::Status Guarded(const Body& body) const {
    try {
      const absl::Status status = body();
      ReportDamage(on_damage_, status);
      return ToGrpcStatus(status);
    } catch (...) {
      return ToGrpcStatus(HandlerThrew());
    }
  }

  Admission& admission_;
  const OnDamage on_damage_;
};

// Where the callback API keeps a call's two messages: in two blocks of memory
// instead of some 50. An arena gives each thread blocks of its own: the request
// is read into the first by one thread, the answer made in another by the
// ledger's. No larger than a look-up needs, since all of it is wiped.
template <class Request, class Response>
class TwoBlockAllocator final
    : public grpc::MessageAllocator<Request, Response> {
 public:
  grpc::MessageHolder<Request, Response>* AllocateMessages() override {
    return new Holder;
  }

 private:
  class Holder final : public grpc::MessageHolder<Request, Response> {
   public:
    Holder() {
      this->set_request(
          google::protobuf::Arena::CreateMessage<Request>(&arena_));
      this->set_response(
          google::protobuf::Arena::CreateMessage<Response>(&arena_));
    }
    void Release() override { delete this; }

   private:
    google::protobuf::ArenaOptions Blocks() {
      google::protobuf::ArenaOptions options;
      options.initial_block = first_.data();
      options.initial_block_size = first_.size();
      options.start_block_size = kAnswerBytes;
      return options;
    }

    static constexpr size_t kRequestBytes = 1280;
    static constexpr size_t kAnswerBytes = 3584;
    alignas(std::max_align_t) std::array<char, kRequestBytes> first_;
    google::protobuf::Arena arena_{Blocks()};
  };
};

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_CALL_GATE_H_
