// A k6 with the extension k6/x/dpg: what `xk6 build --with ./dpg` would make of it too.
package main

import (
	"go.k6.io/k6/cmd"

	_ "github.com/dpg-bench/dpg-bench/docker/k6/dpg"
)

func main() {
	cmd.Execute()
}
