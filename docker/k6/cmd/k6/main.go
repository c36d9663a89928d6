// A k6 with the extension k6/x/dpg: the file that `xk6 build --with github.com/dpg-bench/dpg-bench/docker/k6` makes.
package main

import (
	"go.k6.io/k6/cmd"

	_ "github.com/dpg-bench/dpg-bench/docker/k6"
)

func main() {
	cmd.Execute()
}
