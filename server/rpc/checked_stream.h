// The messages of a stream, each only while its caller may still call. Read
// next: call_gate.h.
#ifndef SODALITY_SERVER_RPC_CHECKED_STREAM_H_
#define SODALITY_SERVER_RPC_CHECKED_STREAM_H_

#include <grpcpp/grpcpp.h>

#include "absl/status/status.h"
#include "server/rpc/admission.h"

namespace sodality::rpc {

// Of a client's stream.
template <class Message>
class CheckedReader final {
 public:
  CheckedReader(const Call& call, grpc::ServerReader<Message>& reader)
      : call_(call), reader_(reader) {}

  // False at the end of the stream and when status() is not OK.
  bool Read(Message& message) {
    const bool read = reader_.Read(&message);
    status_ = call_.Recheck();
    return read && status_.ok();
  }
  const absl::Status& status() const { return status_; }

 private:
  const Call& call_;
  grpc::ServerReader<Message>& reader_;
  absl::Status status_;
};

// Of the server's.
template <class Message>
class CheckedWriter final {
 public:
  CheckedWriter(const Call& call, grpc::ServerWriter<Message>& writer)
      : call_(call), writer_(writer) {}

  // Those of Call::Recheck; CANCELLED when the caller is gone.
  absl::Status Write(const Message& message) {
    const absl::Status allowed = call_.Recheck();
    if (!allowed.ok()) return allowed;
    if (writer_.Write(message)) return absl::OkStatus();
    return absl::CancelledError("the caller is gone");
  }

 private:
  const Call& call_;
  grpc::ServerWriter<Message>& writer_;
};

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_CHECKED_STREAM_H_
