import "./wall";
