// What lethed needs of the machine: secret memory and a clock.
#ifndef LETHE_CLI_DOCTOR_MACHINE_CHECKS_H_
#define LETHE_CLI_DOCTOR_MACHINE_CHECKS_H_

#include "cli/doctor/finding.h"

namespace lethe::cli {

// How much memory a process may lock: keys live in it, 32 bytes each.
Finding CheckMemlock();
// Memory that not even root reads through the kernel.
Finding CheckMemfdSecret();
// Whether the kernel knows its clock to be right: what dies on a date dies by it.
Finding CheckClock();

}  // namespace lethe::cli

#endif  // LETHE_CLI_DOCTOR_MACHINE_CHECKS_H_
