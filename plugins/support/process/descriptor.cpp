// SPDX-License-Identifier: Apache-2.0
#include "descriptor.h"

#include <fcntl.h>
#include <unistd.h>

namespace testarena::process {

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

Descriptor Descriptor::aboveStandard() && {
  if (number_ < 0 || number_ > STDERR_FILENO) return std::move(*this);
  return Descriptor(fcntl(number_, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

Pipe Pipe::make() {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  Descriptor reading(ends[0]), writing(ends[1]);
  Pipe pipe{std::move(reading).aboveStandard(), std::move(writing).aboveStandard()};
  if (!pipe.reading || !pipe.writing || fcntl(pipe.reading.get(), F_SETFL, O_NONBLOCK) != 0) return {};
  return pipe;
}

}  // namespace testarena::process
