#pragma once
#include <blst.h>
